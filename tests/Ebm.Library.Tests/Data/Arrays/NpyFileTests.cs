using Ebm.Data.Arrays;
using static Ebm.Library.Tests.Data.DataFiles;

namespace Ebm.Library.Tests.Data.Arrays;

public sealed class NpyFileTests : DataTest
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Read_EveryVersion_GivesTheValues(byte version)
    {
        float[] values = [1, -2.5f, 3e-20f, 4, 5, float.MaxValue];

        using var rows = NpyFile.Read(Folder.Write("a.npy", Npy("<f4", "(3, 2)", values, version)));

        Assert.Equal((3, 2), (rows.Count, rows.Features));
        Assert.Equal(values, Values(rows));
    }

    [Fact]
    public void Read_Float64AndUInt8_GivesTheValues()
    {
        var doubles = Enumerable.Range(0, 40_000).Select(i => i / 3.0).ToArray();
        using var wide = NpyFile.Read(Folder.Write("d.npy", Npy("<f8", "(20000, 2)", doubles)));
        using var bytes = NpyFile.Read(Folder.Write("b.npy.gz", Gzip(Npy("|u1", "(2, 3, 4)", Count(24)))));

        Assert.Equal(doubles.Select(v => (float)v), Values(wide));
        Assert.Equal(Count(24).Select(v => (float)v), Values(bytes));
        Assert.Equal("1x3x4", bytes.Image.ToString());
    }

    [Fact]
    public void Read_OneDimension_IsOneFeature()
    {
        using var rows = NpyFile.Read(Folder.Write("a.npy", Npy<float>("<f4", "(3,)", [1, 2, 3])));

        Assert.Equal((3, 1), (rows.Count, rows.Features));
    }

    [Theory]
    [InlineData(float.NaN, "NaN")]
    [InlineData(float.PositiveInfinity, "infinite")]
    [InlineData(float.NegativeInfinity, "infinite")]
    public void Read_NonFinite_NamesRowAndColumn(float bad, string expected)
    {
        var single = Folder.Write("a.npy", Npy<float>("<f4", "(2, 3)", [1, 2, 3, 4, bad, 6]));
        var wide = Folder.Write("b.npy", Npy<double>("<f8", "(2, 3)", [1, 2, 3, 4, bad, 6]));

        AssertFails(single, () => NpyFile.Read(single), "row 2, column 2", expected);
        AssertFails(wide, () => NpyFile.Read(wide), "row 2, column 2", expected);
    }

    [Fact]
    public void Read_Float64BeyondFloat32_IsRefused()
    {
        var path = Folder.Write("a.npy", Npy<double>("<f8", "(1, 2)", [1, 1e300]));

        AssertFails(path, () => NpyFile.Read(path), "row 1, column 2", "beyond the range");
    }

    [Theory]
    [InlineData("<f4", "(2, 2)", "True", "Fortran order")]
    [InlineData(">f4", "(2, 2)", "False", "big-endian")]
    [InlineData("<i8", "(2, 2)", "False", "type <i8")]
    [InlineData("|O", "(2, 2)", "False", "type |O")]
    [InlineData("<f4", "()", "False", "0 dimensions")]
    [InlineData("<f4", "(1, 1, 1, 2, 2)", "False", "5 dimensions")]
    [InlineData("<f4", "(0, 2)", "False", "shape 0x2")]
    [InlineData("<f4", "(2, 3)", "False", "claims 24 bytes")]
    [InlineData("<f4", "(1, 3)", "False", "trailing")]
    [InlineData("<f4", "(99999999999999999999, 3)", "False", "dimension 99999999999999999999")]
    [InlineData("<f4", "(9223372036854775807, 9223372036854775807)", "False", "limit")]
    [InlineData("<f4", "(-1, 3)", "False", "no shape")]
    public void Read_BadHeader_ReportsTheError(string descr, string shape, string order, string expected)
    {
        var path = Folder.Write("bad.npy", Npy<float>(descr, shape, [1, 2, 3, 4], order: order));

        AssertFails(path, () => NpyFile.Read(path), expected);
    }

    [Fact]
    public void Read_EveryTruncation_IsRefused()
    {
        var file = Npy<float>("<f4", "(2, 2)", [1, 2, 3, 4]);
        for (var length = 1; length < file.Length; length++)
        {
            var path = Folder.Write("cut.npy", file[..length]);
            AssertFails(path, () => NpyFile.Read(path), "byte");
        }
    }

    [Fact]
    public void Read_WrongMagicOrVersion_NamesTheExpectedOne()
    {
        var text = Folder.Write("a.npy", "not an array");
        var file = Npy<float>("<f4", "(1,)", [1]);
        file[6] = 9;
        var version = Folder.Write("b.npy", file);

        AssertFails(text, () => NpyFile.Read(text), "934e554d5059");
        AssertFails(version, () => NpyFile.Read(version), "version 9.0");
    }
}
