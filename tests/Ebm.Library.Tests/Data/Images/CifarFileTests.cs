using Ebm.Core.Spec;
using Ebm.Core.States;
using Ebm.Data.Files;
using Ebm.Data.Images;
using Ebm.Data.Loading;

namespace Ebm.Library.Tests.Data.Images;

public sealed class CifarFileTests : DataTest
{
    private const int Record = 3073;

    [Fact]
    public void Load_OfTheSixFiles_KeepsTheirOrderChannelsAndLabels()
    {
        for (var i = 1; i <= 5; i++)
        {
            Folder.Write($"data_batch_{i}.bin", [.. Image((byte)i, (byte)(10 * i)), .. Image((byte)(9 - i), 7)]);
        }

        Folder.Write("test_batch.bin", Image(3, 200));
        var data = DatasetLoader.Load(new CifarDataSpec { Path = Folder.Path, Range = [-1, 1] }, 0);

        Assert.Equal([1, 8, 2, 7, 3, 6, 4, 5, 5, 4], data.Train.Labels!);
        Assert.Equal(new ImageShape(3, 32, 32), data.Train.Image);
        var values = Values(data.Train);
        Assert.Equal((10 / 127.5f) - 1, values[0], 1e-6f);
        Assert.Equal((11 / 127.5f) - 1, values[1024], 1e-6f);
        Assert.Equal((12 / 127.5f) - 1, values[3071], 1e-6f);
        Assert.Equal([3], data.Test.Labels!);
        Assert.Equal(
            data.Test.Features, RowFile.Read(Path.Combine(Folder.Path, "test_batch.bin"), data.Reading).Features);
    }

    [Fact]
    public void Read_OfDamage_NamesFileAndRecord()
    {
        byte[] two = [.. Image(1, 0), .. Image(2, 0)];
        byte[] wrong = [.. two];
        wrong[Record] = 10;

        AssertFails(
            Folder.Write("cut.bin", two[..^5]), () => CifarFile.Read(Path.Combine(Folder.Path, "cut.bin")),
            "the image of record 2", "6141");
        AssertFails(
            Folder.Write("label.bin", wrong), () => CifarFile.Read(Path.Combine(Folder.Path, "label.bin")), "record 2",
            "byte 3073", "label 10");
        AssertFails("data_batch_1.bin", () => CifarFile.ReadFolder(Folder.Path), "no such file");
        AssertFails("/nowhere", () => CifarFile.ReadFolder("/nowhere"), "test_batch.bin");
        AssertFails(
            "cut.bin", () => CifarFile.Read(Path.Combine(Folder.Path, "cut.bin"), limit: 4000),
            "exceed the limit of 4000");
    }

    /// <summary>A record whose red, green and blue values are value, value + 1 and value + 2.</summary>
    private static byte[] Image(byte label, byte value) =>
        [label, .. Enumerable.Range(0, Record - 1).Select(i => (byte)(value + (i / 1024)))];
}
