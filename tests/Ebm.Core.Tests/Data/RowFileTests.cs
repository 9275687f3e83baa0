using CsCheck;
using Ebm.Core.Data;
using Ebm.Core.Spec;
using static Ebm.Core.Tests.Data.TempFolder;

namespace Ebm.Core.Tests.Data;

public sealed class RowFileTests : DataTest
{
    [Fact]
    public void Read_EachFormat_IsRecognisedWhateverItsName()
    {
        using var idx = RowFile.Read(Folder.Write("a", Gzip(Idx([0, 51, 255, 102], 2, 2))));
        using var npy = RowFile.Read(Folder.Write("b", Npy<float>("<f4", "(2, 2)", [1, 2, 3, 4])));
        using var csv = RowFile.Read(Folder.Write("c", "1,2\n3,4\n"));

        Assert.All(Values(idx).Zip([0, 0.2, 1, 0.4]), v => Assert.Equal(v.Second, v.First, 1e-6));
        Assert.Equal([1, 2, 3, 4], Values(npy));
        Assert.Equal([1, 2, 3, 4], Values(csv));
    }

    [Fact]
    public void Read_WithADatasetsReading_ReadsAsTheTrainingRowsWere()
    {
        var path = Folder.Write("train", Idx([0, 127, 128, 255], 2, 2));
        var scaled = DatasetLoader.Load(new IdxDataSpec { Path = path, Range = [-1, 1] }, 0);
        var binary = DatasetLoader.Load(new IdxDataSpec { Path = path, Binarise = Binarise.Threshold }, 0);
        var csv = Folder.Write("a.csv", "0.2,0.7\n");

        using var again = RowFile.Read(path, scaled.Reading);
        using var cut = RowFile.Read(path, binary.Reading);
        using var real = RowFile.Read(csv, binary.Reading);

        Assert.Equal(Values(scaled.Train), Values(again));
        Assert.Equal([0, 0, 1, 1], Values(cut));
        Assert.Equal([0, 1], Values(real));
    }

    [Fact]
    public void Read_UnknownFormat_NamesTheKnownOnes()
    {
        var path = Folder.Write("a.dat", [0, 1, 2, 3]);

        AssertFails(path, () => RowFile.Read(path), "00010203", "IDX, NPY, CSV, PNG");
    }

    [Fact]
    public void Read_AnyDamage_IsReadOrRefusedAndNeverAnythingElse()
    {
        byte[][] files =
        [
            Idx(Count(24), 2, 3, 4), Gzip(Idx(Count(24), 2, 3, 4)), Npy<float>("<f4", "(2, 3)", [1, 2, 3, 4, 5, 6]),
            Gzip(Npy<double>("<f8", "(1, 2)", [1, 2])), [.. "a,b\n1,2\n3,4\n"u8],
        ];
        var edits = Gen.Select(Gen.Int[0, files.Length - 1], Gen.Select(Gen.Int[0, 150], Gen.Byte).Array[1, 6], Gen.Int[0, 400]);

        // A limit of 1 MiB also shows that no claim is believed: anything else than an InputException fails the test.
        edits.Sample(
            (which, changes, length) =>
            {
                var file = files[which].ToArray();
                foreach (var (at, value) in changes)
                {
                    file[at % file.Length] = value;
                }

                using var folder = new TempFolder();
                try
                {
                    RowFile.Read(folder.Write("fuzz", file[..Math.Min(length, file.Length)]), limit: 1 << 20).Dispose();
                }
                catch (InputException e)
                {
                    Assert.Contains("fuzz", e.Message, StringComparison.Ordinal);
                }
            },
            iter: 3000,
            seed: "0N0XIzNsQ0O2");
    }
}
