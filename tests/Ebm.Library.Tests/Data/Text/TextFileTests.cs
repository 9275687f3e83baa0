using System.Text;
using Ebm.Core.Datasets;
using Ebm.Core.Spec;
using Ebm.Core.States;
using Ebm.Data.Files;
using Ebm.Data.Loading;
using static Ebm.Library.Tests.Data.DataFiles;

namespace Ebm.Library.Tests.Data.Text;

public sealed class TextFileTests : DataTest
{
    [Fact]
    public void Load_Lines_AreCategoriesWithPaddingLast()
    {
        var path = Folder.Write("a.txt", "ba\nabc\nc");
        var found = Load(path);
        var given = DatasetLoader.Load(new TextDataSpec { Path = path, Alphabet = "cba", Length = 4 }, 0);

        Assert.Equal(("abc", 3, 4), (found.Alphabet!.Characters, found.Alphabet.Length, found.Alphabet.Categories));
        Assert.Equal([1f, 0, 3, 0, 1, 2, 2, 3, 3], Values(found.Train));
        Assert.Equal([1f, 2, 3, 3, 2, 1, 0, 3, 0, 3, 3, 3], Values(given.Train));
        Assert.NotEqual(found.Digest, given.Digest);
        Assert.Equal(found.Digest, Load(
            Folder.Write("a.gz", Gzip(Encoding.UTF8.GetBytes("\ufeffba\nabc\nc\n")))).Digest);
    }

    [Fact]
    public void Load_OtherLanguages_CountsCharactersNotBytes()
    {
        var data = Load(Folder.Write("a.txt", "åß\n日本語\n\U0001F600\n"));

        Assert.Equal(3, data.Alphabet!.Length);
        Assert.Equal("ßå日本語\U0001F600", data.Alphabet.Characters);
        Assert.Equal("åß\n日本語\n\U0001F600\n", Encoding.UTF8.GetString(data.Alphabet.Lines(Values(data.Train))));
    }

    [Fact]
    public void Load_TestFileOrHeldOutLines_ShareTheAlphabet()
    {
        var (train, test) = (Folder.Write("a.txt", "ab\nba\nb\n"), Folder.Write("b.txt", "a\nbb\n"));

        Assert.Equal([0f, 2, 1, 1], Values(Load(train, test).Test));
        Assert.Equal((2, 1), (Load(train, heldOut: 1).Train.Count, Load(train, heldOut: 1).Test.Count));
        AssertFails(
            "c.txt: line 2, character 1: 'c' (U+0063)", () => Load(train, Folder.Write("c.txt", "a\nc\n")), "'ab'");
    }

    [Fact]
    public void Line_WithPaddingInside_ShowsItAsADot() =>
        Assert.Equal("a·b", new Alphabet("ab".EnumerateRunes(), 5).Line([0, 2, 1, 2, 2]));

    [Fact]
    public void ReadKnown_WithMarks_LeavesThoseCharactersFree()
    {
        var alphabet = new Alphabet("ab?".EnumerateRunes(), 3);
        var rows = RowFile.ReadKnown(Folder.Write("a.txt", "a_?\nb\n"), RowReading.Of(alphabet));

        Assert.Equal([0f, float.NaN, 2, 1, 3, 3], Values(rows));
    }

    [Theory]
    [InlineData("ab\nabx\n", "line 2, character 3: 'x' (U+0078) is not in the alphabet 'ab'")]
    [InlineData("ab\na b\n", "line 2, character 2: ' ' (U+0020)")]
    [InlineData("ab\na\u0001\n", "line 2, character 2: U+0001")]
    [InlineData("ab\n\na\n", "line 2 is empty")]
    [InlineData("ab\n\n", "line 2 is empty")]
    [InlineData("ab\nbaba\n", "line 2 is longer than the 3 characters of a row: 'baba'. Raise data.length")]
    [InlineData("ab\nba\r\n", "line 2 ends with CR LF")]
    [InlineData("\ufeff", "line 1 is empty")]
    public void Load_ALineThatIsNoRow_NamesLineAndCharacter(string text, string expected)
    {
        var path = Folder.Write("bad.txt", text);

        AssertFails(
            $"{path}: {expected}",
            () => DatasetLoader.Load(new TextDataSpec { Path = path, Alphabet = "ab", Length = 3 }, 0));
    }

    [Fact]
    public void Load_OfBytesThatAreNoUtf8_NamesTheByte()
    {
        var path = Folder.Write("latin.txt", [(byte)'a', (byte)'\n', 0xc3, 0xa5, 0xe5, (byte)'b', (byte)'\n']);

        AssertFails($"{path}: line 2, byte 3: 0xe5", () => Load(path), "iconv");
    }

    [Fact]
    public void Load_TooManyCharacters_ReportsTheirNumber()
    {
        var path = Folder.Write("many.txt", string.Concat(Enumerable.Range(0x4e00, 256).Select(c => (char)c)));

        AssertFails(path, () => Load(path), "256 different characters", "at most 255", "data.alphabet");
    }

    private static Dataset Load(string path, string? test = null, int heldOut = 0) =>
        DatasetLoader.Load(new TextDataSpec { Path = path, TestPath = test, Test = heldOut }, 0);
}
