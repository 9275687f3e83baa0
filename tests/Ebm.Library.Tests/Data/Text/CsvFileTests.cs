using Ebm.Data.Text;
using static Ebm.Library.Tests.Data.DataFiles;

namespace Ebm.Library.Tests.Data.Text;

public sealed class CsvFileTests : DataTest
{
    [Theory]
    [InlineData("1,2\n3,4\n")]
    [InlineData("1,2\n3,4")]
    [InlineData("1,2\r\n3,4\r\n")]
    [InlineData("x,y\n1,2\n3,4\n")]
    [InlineData("\uFEFFx,y\n1,2\n3,4\n")]
    [InlineData("\"x\",\"y, or \"\"why\"\"\"\n\"1\", 2 \n3.0,\"4e0\"\n")]
    [InlineData("\n1,2\n\n3,4\n\n\n")]
    public void Read_AnyUsualForm_GivesTheValues(string text)
    {
        foreach (var path in new[] { Folder.Write("a.csv", text),
            Folder.Write("a.csv.gz", Gzip(System.Text.Encoding.UTF8.GetBytes(text))) })
        {
            using var rows = CsvFile.Read(path);
            Assert.Equal(2, rows.Count);
            Assert.Equal([1f, 2, 3, 4], Values(rows));
        }
    }

    [Theory]
    [InlineData("label")]
    [InlineData("2")]
    public void Read_LabelColumnByNameOrNumber_IsNoFeature(string column)
    {
        var path = Folder.Write("a.csv", "x,label,y\n1,7,2\n3,9.0,4\n");

        using var rows = CsvFile.Read(path, column);

        Assert.Equal([7, 9], rows.Labels!);
        Assert.Equal([1f, 2, 3, 4], Values(rows));
    }

    [Fact]
    public void Read_HeaderOfNumbersWithTheLabelsName_IsAHeader()
    {
        var path = Folder.Write("a.csv", "0,1,label\n5,6,1\n");

        using var rows = CsvFile.Read(path, "label");

        Assert.Equal([5f, 6], Values(rows));
    }

    [Fact]
    public void Read_ManyRows_KeepsEveryValueInItsPlace()
    {
        var lines = Enumerable.Range(0, 150_000).Select(i => $"{i},{i + 0.5},{-i}");
        var path = Folder.Write("a.csv", string.Join('\n', lines));

        using var rows = CsvFile.Read(path);

        Assert.Equal(Enumerable.Range(0, 150_000).SelectMany(i => new[] { i, i + 0.5f, -i }), Values(rows));
    }

    [Theory]
    [InlineData("1,2\n3,x\n", "line 2, column 2", "'x' is not a number")]
    [InlineData("1,2O\n3,4\n", "line 1, column 2", "'2O' is not a number")]
    [InlineData("1,2\n\n3,\n", "line 3, column 2", "'' is not a number")]
    [InlineData("a,b\n1,nan\n", "line 2, column 2", "finite")]
    [InlineData("nan,nan\n1,2\n", "line 1, column 1", "finite")]
    [InlineData("1,1e99\n", "line 1, column 2", "finite")]
    [InlineData("1,2\n3\n", "line 2 has 1 columns", "expected 2")]
    [InlineData("1,2\n3,4,5\n", "line 2 has more", "2 columns")]
    [InlineData("1,\"2\n3,4\n", "line 1, column 2", "quotes")]
    [InlineData("1,\"2\"3\n", "line 1, column 2", "quotes")]
    [InlineData("1;2\n3;4\n", "line 2, column 1", "'3;4' is not a number")]
    [InlineData("a,b\n", "no row", "numbers")]
    [InlineData("\n\n", "no row", "numbers")]
    public void Read_BadText_NamesLineAndColumn(string text, string place, string expected)
    {
        var path = Folder.Write("bad.csv", text);

        AssertFails(path, () => CsvFile.Read(path), place, expected);
    }

    [Theory]
    [InlineData("colour", "no column 'colour'", "x, y")]
    [InlineData("3", "no column '3'", "1 to 2")]
    [InlineData("0", "no column '0'", "1 to 2")]
    public void Read_UnknownLabelColumn_NamesTheColumns(string column, string expected, string columns)
    {
        var path = Folder.Write("a.csv", "x,y\n1,2\n");

        AssertFails(path, () => CsvFile.Read(path, column), expected, columns);
    }

    [Fact]
    public void Read_LabelThatIsNoInteger_NamesLineAndColumn()
    {
        var path = Folder.Write("a.csv", "x,y\n1,2\n1,2.5\n");

        AssertFails(path, () => CsvFile.Read(path, "y"), "line 3, column 2", "'2.5'");
    }

    [Fact]
    public void Read_AboveTheLimit_IsRefused()
    {
        var rows = Folder.Write("a.csv", string.Concat(Enumerable.Repeat("1,2,3,4\n", 200_000)));
        var line = Folder.Write("bomb.csv.gz", Gzip(Enumerable.Repeat((byte)'1', 40 << 20).ToArray()));

        AssertFails(rows, () => CsvFile.Read(rows, limit: 1 << 20), "limit of 1048576");
        AssertFails(line, () => CsvFile.Read(line), "line 1 is longer");
    }
}
