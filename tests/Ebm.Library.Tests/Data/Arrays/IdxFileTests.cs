using Ebm.Data.Arrays;
using static Ebm.Library.Tests.Data.DataFiles;

namespace Ebm.Library.Tests.Data.Arrays;

public sealed class IdxFileTests : DataTest
{
    [Theory]
    [InlineData(new uint[] { 6 }, 1, null)]
    [InlineData(new uint[] { 2, 3 }, 3, null)]
    [InlineData(new uint[] { 2, 3, 4 }, 12, "1x3x4")]
    [InlineData(new uint[] { 2, 2, 3, 4 }, 24, "2x3x4")]
    public void Read_PlainAndGzipped_GivesTheValuesAndTheShape(uint[] dims, int features, string? image)
    {
        var values = Count((int)dims.Aggregate((a, b) => a * b));
        var file = Idx(values, dims);

        foreach (var path in new[] { Folder.Write("a", file), Folder.Write("a.gz", Gzip(file)) })
        {
            using var rows = IdxFile.Read(path);
            Assert.Equal(((int)dims[0], features, image), (rows.Count, rows.Features, rows.Image?.ToString()));
            Assert.Equal(values.Select(v => (float)v), Values(rows));
        }
    }

    [Fact]
    public void Read_LargerThanOneChunk_KeepsEveryValueInItsPlace()
    {
        const int Length = 9_000_001;
        var values = new byte[Length];
        for (var i = 0; i < Length; i++)
        {
            values[i] = (byte)(i * 2654435761L >> 20);
        }

        using var rows = IdxFile.Read(Folder.Write("large", Idx(values, 1, Length)));

        Assert.True(rows.Stored.bytes.SequenceEqual(values));
    }

    [Fact]
    public void Read_EveryTruncation_NamesTheFileAndTheByte()
    {
        var file = Idx(Count(6), 2, 3);
        var packed = Gzip(file);
        for (var length = 1; length < file.Length; length++)
        {
            var path = Folder.Write("cut", file[..length]);
            AssertFails(path, () => IdxFile.Read(path), "byte");
        }

        for (var length = 1; length < packed.Length; length++)
        {
            var path = Folder.Write("cut.gz", packed[..length]);
            AssertFails(path, () => IdxFile.Read(path));
        }
    }

    [Fact]
    public void Read_TrailingBytes_AreRefused()
    {
        byte[] file = [.. Idx(Count(6), 2, 3), 7];
        var (plain, packed) = (Folder.Write("a", file), Folder.Write("a.gz", Gzip(file)));

        AssertFails(plain, () => IdxFile.Read(plain), "claims 6 bytes", "has 7", "trailing");
        AssertFails(packed, () => IdxFile.Read(packed), "has trailing bytes; expected its end at byte 18");
    }

    [Fact]
    public void Read_AlteredGzip_IsRefusedByItsChecksum()
    {
        var packed = Gzip(Idx(Count(200), 20, 10));
        packed[^6] ^= 1;
        var path = Folder.Write("a.gz", packed);

        AssertFails(path, () => IdxFile.Read(path), "damaged");
    }

    [Theory]
    [InlineData(new byte[] { 1, 0, 8, 1, 0, 0, 0, 1, 0 }, "01000801")]
    [InlineData(new byte[] { 0, 0, 0x0d, 1, 0, 0, 0, 1, 0 }, "type 0x0d")]
    [InlineData(new byte[] { 0, 0, 8, 0, 5 }, "0 dimensions")]
    [InlineData(new byte[] { 0, 0, 8, 5, 5 }, "5 dimensions")]
    [InlineData(new byte[] { 0, 0, 8, 1, 0, 0, 0, 0 }, "shape 0")]
    [InlineData(new byte[] { 0, 0, 8, 4, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
        255 }, "limit")]
    [InlineData(new byte[] { 0, 0, 8, 3, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0 }, "limit")]
    public void Read_BadHeader_ReportsTheError(byte[] file, string expected)
    {
        var path = Folder.Write("bad", file);

        AssertFails(path, () => IdxFile.Read(path), expected);
    }

    [Fact]
    public void Read_MissingEmptyOrDirectory_ReportsWhich()
    {
        var missing = Path.Combine(Folder.Path, "missing");
        var empty = Folder.Write("empty", "");

        AssertFails(missing, () => IdxFile.Read(missing), "no such file");
        AssertFails(empty, () => IdxFile.Read(empty), "is empty");
        AssertFails(Folder.Path, () => IdxFile.Read(Folder.Path), "is a directory");
    }

    [Fact]
    public void Read_GzipBomb_IsRefusedBeforeMemoryIsTaken()
    {
        // 64 MiB of zeros in 64 KiB: the header may claim too much for the limit, more than gzip can hold, or too
        // little.
        var zeros = new byte[64 << 20];
        var honest = Folder.Write("bomb.gz", Gzip(Idx(zeros, 64, 1 << 20)));
        var lying = Folder.Write("lie.gz", Gzip(Idx(Count(6), 1 << 10, 1 << 20)));
        var small = Folder.Write("small.gz", Gzip([.. Idx(Count(6), 2, 3), .. zeros]));
        var before = GC.GetAllocatedBytesForCurrentThread();

        AssertFails(honest, () => IdxFile.Read(honest, limit: 1 << 20), "limit of 1048576");
        AssertFails(lying, () => IdxFile.Read(lying), "cannot hold");
        AssertFails(small, () => IdxFile.Read(small), "has trailing bytes; expected its end at byte 18");

        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 4 << 20);
    }

    [Fact]
    public void ReadLabels_OfAnotherNumber_ReportsBoth()
    {
        var path = Folder.Write("labels", Idx([3, 1, 4], 3));

        Assert.Equal([3, 1, 4], IdxFile.ReadLabels(path, 3));
        AssertFails(path, () => IdxFile.ReadLabels(path, 4), "3 labels", "expected 4");
    }

    [Fact]
    public void ReadLabels_OfImages_IsRefused()
    {
        var path = Folder.Write("images", Idx(Count(12), 3, 2, 2));

        AssertFails(path, () => IdxFile.ReadLabels(path, 3), "one dimension of labels");
    }
}
