namespace Ebm.EndToEnd.Tests.Console;

/// <summary>What cannot be done is said in one message, and nothing is created.</summary>
public sealed class BadInputTests : IDisposable
{
    private readonly EbmConsole _console = new();

    public void Dispose() => _console.Dispose();

    [Theory]
    [InlineData("learning", "learnng", ":6:1: learnng: unknown key; did you mean 'learning'?")]
    [InlineData("hidden: 8", "hidden: eight", ":3:29: energy.hidden: ")]
    [InlineData("hidden: 8", "hidden: -8", ":3:29: energy.hidden: ")]
    public async Task Train_BadSpec_NamesThePlaceAndCreatesNothing(string from, string to, string expected)
    {
        var spec = SmallSpecs.Rbm(_console);
        await File.WriteAllTextAsync(
            spec, (await File.ReadAllTextAsync(spec, TestContext.Current.CancellationToken))
                .Replace(from, to, StringComparison.Ordinal),
            TestContext.Current.CancellationToken);

        await Refused(2, spec + expected, "train", spec);
    }

    [Theory]
    [InlineData(null, "bits.csv")]
    [InlineData("0,1\n1\n", "line 2")]
    [InlineData("0,1\n1,x\n", "line 2, column 2")]
    [InlineData("0,1\n1,nan\n", "line 2, column 2")]
    [InlineData("0,1\n1,0.5\n", "0.5")]
    [InlineData("", "bits.csv")]
    public async Task Train_BadData_NamesTheFileAndCreatesNothing(string? content, string expected)
    {
        var spec = SmallSpecs.Rbm(_console);
        var data = Path.Combine(_console.Folder, "bits.csv");
        File.Delete(data);
        if (content is not null)
        {
            _console.File("bits.csv", content);
        }

        await Refused(2, expected, "train", spec, "--set", "data.test=0");
    }

    [Theory]
    [InlineData("train", "no such file on")]
    [InlineData("train", "does not begin as a zip archive does", "hello\n")]
    [InlineData("validate", "which has 3 numbers: given [rows, 3] it fails (RuntimeError: ")]
    [InlineData("train", "which has 3 numbers: given [rows, 3] it fails (RuntimeError: ")]
    public async Task Run_ModuleThatIsNoEnergyOfTheData_ReportsTheReasonAndCreatesNothing(
        string verb, string expected, string? content = null)
    {
        var module = Path.Combine(_console.Folder, "model.pt");
        if (content is not null)
        {
            _console.File("model.pt", content);
        }
        else if (expected.StartsWith("which", StringComparison.Ordinal))
        {
            File.Copy(Path.Combine(Repository.Root, "examples", "torchscript", "model.pt"), module);
        }

        var spec = _console.File("spec.yaml", """
            name: module
            data: {kind: toy, density: mixture, features: 3, count: 100}
            energy: {kind: torchscript, path: model.pt}
            sampler: {kind: langevin}
            learning: {rounds: 5}
            """);
        await Refused(2, $"error: energy.path: {module}: ", verb, spec);
        await Refused(2, expected, verb, spec);
    }

    [Theory]
    [InlineData("'./ebm --help'", "trian", "x.yaml")]
    [InlineData("did you mean './ebm train'?", "trian", "x.yaml")]
    [InlineData("'./ebm train --help'", "train")]
    [InlineData("'./ebm train --help'", "train", "x.yaml", "--lanes", "-1")]
    [InlineData("did you mean './ebm cluster start'?", "cluster", "strat")]
    [InlineData("unknown option '--epochs'", "train", "x.yaml", "--epochs", "3")]
    [InlineData("--lanes: expected an integer, found 'x'.", "train", "x.yaml", "--lanes", "x")]
    [InlineData("expected one of auto, ais, none; found exact.", "evaluate", "x", "--likelihood", "exact")]
    [InlineData("--output: expected text or json", "train", "x.yaml", "--output", "xml")]
    [InlineData("x.yaml: no such file", "train", "x.yaml")]
    [InlineData("cannot be a run's id", "status", "../x")]
    public async Task Run_BadUsage_NamesTheHelp(string expected, params string[] arguments) =>
        await Refused(2, expected, arguments);

    [Theory]
    [InlineData("status")]
    [InlineData("resume")]
    [InlineData("sample")]
    public async Task Run_UnknownRun_IsNotFound(string verb) =>
        await Refused(5, "there is no run 'nobody'", verb, "nobody");

    [Fact]
    public async Task Train_HomeThatIsAFile_FailsWithTheReason()
    {
        var spec = SmallSpecs.Rbm(_console);
        var home = _console.File("occupied", "");
        var ended = await _console.Run("train", spec, "--home", home);

        Assert.Equal(3, ended.ExitCode);
        Assert.StartsWith("error: the run's folder ", ended.Errors, StringComparison.Ordinal);
    }

    private async Task Refused(int exitCode, string expected, params string[] arguments)
    {
        var ended = await _console.Run(arguments);

        Assert.Equal(exitCode, ended.ExitCode);
        Assert.Contains(expected, ended.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", ended.Errors, StringComparison.Ordinal);
        Assert.Equal("", ended.Output);
        Assert.False(Directory.Exists(_console.Home), "the folder of runs was created");
    }
}
