using Ebm.Contracts;
using Ebm.Contracts.Runs;
using Ebm.Core;
using Ebm.Core.Spec;
using Ebm.RunFolders.Checkpoints;

namespace Ebm.Grains.Tests.Runs;

public sealed class ResumeTests : IDisposable
{
    private readonly TempHome _home = new();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(1, true)]
    public async Task Resume_AfterStop_SameHashesAsWithout(int lag, bool classes = false)
    {
        var spec = (classes ? Specs.Classes : Specs.Long) with
        {
            Learning = Specs.Long.Learning with { Lag = lag, Rounds = 300 },
        };
        await using var silo = await Embedded.Start(_home.Path);
        var whole = await silo.Run("whole").Complete(spec);

        var run = silo.Run("parted");
        await run.Submit(RunCalls.Submission(spec));
        await run.Until(s => s.Round >= 7);
        await run.Stop();
        var stopped = await run.End();
        Assert.Equal(RunState.Stopped, stopped.State);
        Assert.InRange(stopped.Result!.Round, 7, 299);
        await run.Resume(false);
        var ended = await run.End();

        Assert.Equal(whole.Hashes(), ended.Hashes());
        Assert.Equal(2, ended.Epoch);
        Assert.Equal(300, File.ReadLines(Path.Combine(_home.Path, "parted", "metrics.jsonl")).Count());
    }

    [Fact]
    public async Task Resume_AfterCrash_SameHashesAsWithout()
    {
        await using var reference = await Embedded.Start(Path.Combine(_home.Path, "reference"));
        var whole = await reference.Run("a").Complete(Specs.Long);

        var broken = await Embedded.Start(Path.Combine(_home.Path, "broken"));
        await broken.Run("a").Submit(RunCalls.Submission(Specs.Long));
        await broken.Run("a").Until(s => s.Round >= 30);
        broken.Crash();

        await using var again = await Embedded.Start(Path.Combine(_home.Path, "broken"), lanes: 3);
        var found = await again.Run("a").Status();
        Assert.Equal(RunState.Running, found!.State);
        Assert.Equal(whole.Hashes(), (await again.Run("a").Complete(Specs.Long)).Hashes());
    }

    [Fact]
    public async Task Resume_FromFilesCopiedMidRun_SameHashesAsWithout()
    {
        await using var silo = await Embedded.Start(Path.Combine(_home.Path, "live"));
        await silo.Run("a").Submit(RunCalls.Submission(Specs.Long));
        await silo.Run("a").Until(s => s.Round >= 45);
        var copy = Path.Combine(_home.Path, "copy");
        Copy(Path.Combine(_home.Path, "live", "a"), Path.Combine(copy, "a"));
        var whole = await silo.Run("a").End();

        await using var other = await Embedded.Start(copy);
        await other.Run("a").Resume(false);
        Assert.Equal(whole.Hashes(), (await other.Run("a").End()).Hashes());
    }

    [Fact]
    public async Task Stop_BeforeTheFirstRound_StopsAndResumesLater()
    {
        await using var silo = await Embedded.Start(_home.Path);
        var run = silo.Run("a");
        await run.Submit(RunCalls.Submission(Specs.Mlp));
        await run.Stop();
        var stopped = await run.End();
        Assert.Equal(RunState.Stopped, stopped.State);
        await run.Resume(false);
        Assert.Equal(12, (await run.End()).Hashes().Item1);
    }

    [Fact]
    public async Task StopAndResume_OfASucceededRun_ChangeNothing()
    {
        await using var silo = await Embedded.Start(_home.Path);
        var run = silo.Run("a");
        var ended = await run.Complete(Specs.Mlp);
        await run.Stop();
        var resumed = await run.Resume(false);
        Assert.Equal(ended.Hashes(), resumed.Hashes());
        Assert.Equal(ended.Hashes(), (await run.Submit(RunCalls.Submission(Specs.Mlp))).Hashes());
        Assert.Equal(1, resumed.Epoch);
    }

    [Fact]
    public async Task Submit_TwiceAtOnce_IsOneRun()
    {
        await using var silo = await Embedded.Start(_home.Path);
        var run = silo.Run("a");
        var submission = RunCalls.Submission(Specs.Mlp);
        await Task.WhenAll(run.Submit(submission), run.Submit(submission));
        Assert.Equal(1, (await run.End()).Epoch);
    }

    [Fact]
    public async Task Submit_ThatDiverges_FailsAndNamesWhere()
    {
        var spec = Specs.Mlp with
        {
            Sampler = new LangevinSpec { Steps = 3, StepSize = 0.1, Noise = 0.1 },
            Learning = Specs.Mlp.Learning with { Rounds = 400, Optimiser = new SgdSpec { Rate = 1000 } },
            Output = new OutputSpec { CheckpointEvery = 1 },
            Recovery = new RecoverySpec { OnDivergence = OnDivergence.Ignore },
        };
        await using var silo = await Embedded.Start(_home.Path);
        var failed = await silo.Run("a").Complete(spec);
        Assert.Equal(RunState.Failed, failed.State);
        Assert.Matches("^Round [0-9]+: .*(not finite|NaN)", failed.Reason);
        var latest = new CheckpointDirectory(Path.Combine(_home.Path, "a", "checkpoints")).Latest(
            refused: message => Assert.Fail(message));
        Assert.Equal(failed.Round, latest?.Round ?? 0);
    }

    [Fact]
    public async Task Calls_WithBadInput_AreRefusedAndChangeNothing()
    {
        await using var silo = await Embedded.Start(_home.Path);
        var good = RunCalls.Submission(Specs.Mlp);
        await Assert.ThrowsAsync<InputException>(() => silo.Run("../a").Submit(good));
        await Assert.ThrowsAsync<InputException>(() => silo.Run("a").Submit(good with { SpecDigest = "00" }));
        await Assert.ThrowsAsync<InputException>(() => silo.Run("a").Submit(good with { SpecJson = "{" }));
        await Assert.ThrowsAsync<UnknownRunException>(() => silo.Run("a").Stop());
        await Assert.ThrowsAsync<UnknownRunException>(() => silo.Run("a").Resume(false));
        Assert.Null(await silo.Run("a").Status());
        Assert.Empty(Directory.GetFileSystemEntries(_home.Path));
    }

    public void Dispose() => _home.Dispose();

    private static void Copy(string from, string to)
    {
        // A crash leaves the lock file without its lock; nobody else opens that file here.
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories)
            .Where(file => Path.GetFileName(file) != "lock").Order(StringComparer.Ordinal))
        {
            var place = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(place)!);
            try
            {
                File.Copy(file, place);
            }
            catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
            {
                // Renamed or pruned by the run, which continues meanwhile.
            }
        }
    }
}
