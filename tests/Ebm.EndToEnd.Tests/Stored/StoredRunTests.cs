using Ebm.EndToEnd.Tests.Console;

namespace Ebm.EndToEnd.Tests.Stored;

/// <summary>Run folders of an earlier version resume here, and end as they would have ended there.</summary>
public sealed class StoredRunTests : IDisposable
{
    private readonly EbmConsole _console = new();

    public static TheoryData<string> Versions => [.. StoredVersion.Names];

    /// <summary>Each version with each of its interrupted runs.</summary>
    public static MatrixTheoryData<string, string> Interrupted =>
        new(StoredVersion.Names, ["rbm", "moons", "adapting"]);

    public void Dispose() => _console.Dispose();

    [Theory, MemberData(nameof(Interrupted))]
    public async Task Resume_OfAnInterruptedRun_EndsWithTheDigestsOfAnUndisturbedOne(string version, string run)
    {
        var stored = new StoredVersion(version);
        await stored.Unpack(_console.Home);

        var ended = await _console.Run(["resume", run, "--output", "json", .. await stored.Permission()]);

        await stored.AssertEnd(run, ended);
        StoredVersion.AssertResumed(ended);
    }

    [Theory, MemberData(nameof(Versions))]
    public async Task Train_OfTheSpecOfAnInterruptedRun_ResumesIt(string version)
    {
        var stored = new StoredVersion(version);
        await stored.Unpack(_console.Home);

        var ended = await _console.Run(
            ["train", stored.Spec("rbm"), "--id", "rbm", "--output", "json", .. await stored.Permission()]);

        await stored.AssertEnd("rbm", ended);
        StoredVersion.AssertResumed(ended);
    }

    [Theory, MemberData(nameof(Versions))]
    public async Task List_OfStoredRuns_ShowsAllWithTheirStates(string version)
    {
        await new StoredVersion(version).Unpack(_console.Home);

        var rows = (await _console.Run("list")).Output.Split('\n')[1..^1].Select(row => row.Split('\t')[..4]);

        Assert.Equal(
            [
                "adapting interrupted", "bits succeeded 40 40", "moons stopped", "parent succeeded 20 20",
                "rbm interrupted", "rolled-back succeeded 150 150",
            ],
            rows.Select(row => string.Join(' ', row[1] == "succeeded" ? row : row[..2])).Order(StringComparer.Ordinal));
    }
}
