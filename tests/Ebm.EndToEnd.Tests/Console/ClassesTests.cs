using System.Globalization;

namespace Ebm.EndToEnd.Tests.Console;

/// <summary>A conditional model from the command line.</summary>
public sealed class ClassesTests : IDisposable
{
    private readonly EbmConsole _console = new();

    public void Dispose() => _console.Dispose();

    /// <summary>
    /// Bit y is on in rows of class y, and the others are seldom on: so must the samples be, each of its class.
    /// </summary>
    [Fact]
    public async Task Sample_OfAClass_HasTheFeaturesOfTheClass()
    {
        var result = await _console.Train(Spec(), "--id", "run");
        Assert.True(result.GetProperty("evaluation").GetProperty("accuracy.test").GetDouble() > 0.6, result.ToString());

        var all = await Draw("all", 30);
        var one = await Draw("2", 30);
        var free = await _console.Run("sample", "run", "-n", "7", "--out", Path.Combine(_console.Folder, "free.png"));

        for (var y = 0; y < 3; y++)
        {
            var rows = all.Chunk(6).Skip(30 * y).Take(30).ToArray();
            Assert.All(
                Enumerable.Range(0, 3),
                bit => Assert.InRange(rows.Count(r => r[bit] == 1), bit == y ? 20 : 0, bit == y ? 30 : 10));
        }

        Assert.InRange(one.Chunk(6).Count(r => r[2] == 1), 20, 30);
        Assert.Equal(0, free.ExitCode);
        Assert.Contains("class frequencies of the data", free.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Class_ThatIsNotThere_IsRefused()
    {
        await _console.Train(Spec(), "--id", "run", "--set", "learning.rounds=5");
        await _console.Train(SmallSpecs.Rbm(_console, 5), "--id", "plain");

        await Refused("the classes 0 to 2", "sample", "run", "--class", "3");
        await Refused("expected the number of a class (from 0) or all, found 'x'", "sample", "run", "--class", "x");
        await Refused("trained without classes", "sample", "plain", "--class", "all");
        await Refused(
            "trained without classes", "score", "plain", "--data", Path.Combine(_console.Folder, "bits.csv"),
            "--class", "1");
        await Refused("the train data has the label 2 in row ", "validate", Spec(), "--set", "energy.classes=2");
        await Refused(
            "the train data has no labels", "validate", Spec(), "--set", "data.labelColumn=", "--set",
            "data.binarise=threshold");
    }

    private async Task Refused(string text, params string[] arguments)
    {
        var ended = await _console.Run(arguments);
        Assert.Equal(2, ended.ExitCode);
        Assert.Contains(text, ended.Errors, StringComparison.Ordinal);
    }

    private async Task<float[]> Draw(string of, int count)
    {
        var npy = Path.Combine(_console.Folder, "drawn.npy");
        var ended = await _console.Run(
            "sample", "run", "-n", count.ToString(CultureInfo.InvariantCulture), "--class", of, "--out",
            Path.Combine(_console.Folder, "a.png"), "--npy", npy);
        Assert.True(ended.ExitCode == 0, ended.ToString());
        var bytes = await File.ReadAllBytesAsync(npy, TestContext.Current.CancellationToken);
        var values = count * 6 * (of == "all" ? 3 : 1);
        return [.. Enumerable.Range(0, values)
            .Select(i => BitConverter.ToSingle(bytes, bytes.Length - (4 * (values - i))))];
    }

    private string Spec()
    {
        var rows = Enumerable.Range(0, 240).Select(r => string.Join(',', Enumerable.Range(0, 6)
            .Select(c => c == r % 3 ? (r % 10 == 0 ? 0 : 1) : c < 3 ? (r % 7 == 0 ? 1 : 0) : r / 3 % 2)
            .Prepend(r % 3)));
        _console.File("classes.csv", string.Join('\n', rows.Prepend("class,a,b,c,d,e,f")) + "\n");
        return _console.File("classes.yaml", """
            name: classes
            data: {kind: csv, path: classes.csv, labelColumn: class, test: 60}
            energy: {kind: rbm, hidden: 4, classes: 3}
            sampler: {kind: gibbs}
            negatives: {chains: 192}
            learning: {rounds: 150, batch: 90, optimiser: {kind: adam, rate: 0.05}}
            """);
    }
}
