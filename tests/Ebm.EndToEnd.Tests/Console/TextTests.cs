namespace Ebm.EndToEnd.Tests.Console;

/// <summary>A run on lines of text, from the file to its samples.</summary>
public sealed class TextTests : IDisposable
{
    private readonly EbmConsole _console = new();

    public void Dispose() => _console.Dispose();

    [Fact]
    public async Task Train_OnLines_ShowsSamplesAsLinesAndGivesTheSameBitsOnAnyNumberOfLanes()
    {
        var spec = Spec("ab\nabc\ncab\nbca\nc\n");
        var one = await _console.Train(spec, "--id", "one", "--lanes", "1");
        var two = await _console.Train(spec, "--id", "two", "--lanes", "2");

        Assert.Equal(one.GetProperty("stateSha256").GetString(), two.GetProperty("stateSha256").GetString());
        Assert.True(double.IsFinite(one.GetProperty("evaluation").GetProperty("base.bitsPerCharacter.train")
            .GetDouble()));
        var written = await File.ReadAllLinesAsync(
            Path.Combine(_console.Home, "one", "samples-000004.txt"), TestContext.Current.CancellationToken);
        Assert.Equal(20, written.Length);
        Assert.All(written, AssertIsLine);
        Assert.Contains(
            $"samples\t{string.Join(" | ", written.Where(line => line.Length > 0))}\n",
            (await _console.Run("status", "one")).Output, StringComparison.Ordinal);

        var drawn = (await _console.Run(
            "sample", "one", "-n", "5", "--clamp",
            _console.File("known.txt", "c??\n"))).Output.TrimEnd('\n').Split('\n');
        Assert.Equal(5, drawn.Length);
        Assert.All(drawn, line => Assert.StartsWith("c", line, StringComparison.Ordinal));
        var scores = (await _console.Run("score", "one", "--data", _console.File("rows.txt", "a\ncab\n"))).Output;
        Assert.Equal(3, scores.TrimEnd('\n').Split('\n').Length);
        Assert.Contains(
            "line 1, character 2: 'x'",
            (await _console.Run("score", "one", "--data", _console.File("bad.txt", "ax\n"))).Errors,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ab\nad\n", "line 2, character 2: 'd' (U+0064) is not in the alphabet")]
    [InlineData("ab\n\nb\n", "line 2 is empty")]
    [InlineData("ab\nabca\n", "line 2 is longer than the 3 characters")]
    public async Task Train_OnALineThatIsNoRow_NamesItAndCreatesNothing(string lines, string expected)
    {
        var result = await _console.Run("train", Spec(lines));

        Assert.Equal(2, result.ExitCode);
        Assert.Contains(expected, result.Errors, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_console.Home));
    }

    private static void AssertIsLine(string line)
    {
        Assert.InRange(line.Length, 0, 3);
        Assert.True(line.All("abc\u00b7".Contains), line);
    }

    private string Spec(string lines)
    {
        _console.File("lines.txt", lines);
        return _console.File("text.yaml", """
            name: lines
            data: {kind: text, path: lines.txt, alphabet: abc, length: 3}
            energy: {kind: sequence, layers: attention, width: 8, depth: 1, heads: 2, base: ngram}
            sampler: {kind: gwg, steps: 3}
            negatives: {chains: 130, reinitialise: 0.1}
            learning: {rounds: 4, batch: 70}
            output: {samples: 20}
            """);
    }
}
