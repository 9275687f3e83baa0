using Ebm.Client.Remote;
using Ebm.Configuration.Reading;
using Ebm.Contracts.Runs;
using Ebm.Core.Spec;

namespace Ebm.Client.Chaos;

/// <summary>
/// Runs of a few rounds that are submitted right before faults: each acknowledged run must end.
/// </summary>
internal sealed class SmallRuns(ClusterConnection connection, RunSpec spec)
{
    private const string Prefix = "small-";
    private const int Every = 4, Rounds = 3;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly List<RemoteRun> _submitted = [];

    /// <summary>Whether an id is one of theirs.</summary>
    public static bool IsOne(string id) => id.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>Submits one before some of the faults, and an invalid spec before each.</summary>
    public async Task MaybeSubmit(int fault)
    {
        var small = spec with
        {
            Seed = (ulong)fault,
            Learning = spec.Learning with { Rounds = Rounds, Epochs = null, Warmup = 0 },
            Evaluation = spec.Evaluation with { Likelihood = LikelihoodMethod.None },
        };
        var id = FormattableString.Invariant($"{Prefix}{fault}");
        if (fault % Every == 0)
        {
            var run = new RemoteRun(connection, id);
            await run.Submit(new RunSubmission(SpecJson.Write(small), SpecJson.Digest(small)));
            _submitted.Add(run);
        }

        try
        {
            await new RemoteRun(connection, $"broken-{fault}")
                .Submit(new RunSubmission(SpecJson.Write(small)[..^1], "00"));
        }
        catch (Core.InputException)
        {
            // As it must be.
        }
    }

    /// <summary>Waits for them; returns those that did not succeed, with their state.</summary>
    public async Task<SmallRunsResult> End(CancellationToken cancel)
    {
        var lost = new List<string>();
        foreach (var run in _submitted)
        {
            await using var progress = new RunProgress(run.Grain, TimeProvider.System);
            progress.Start();
            await progress.End(Patience, cancel);
            if (progress.Status is not { State: RunState.Succeeded })
            {
                lost.Add($"{run.Id}: {progress.Status?.State.ToString() ?? "unknown"} {progress.Status?.Reason}");
            }
        }

        return new SmallRunsResult(_submitted.Count, lost);
    }
}

/// <summary>What became of the small runs.</summary>
internal sealed record SmallRunsResult(int Submitted, IReadOnlyList<string> Lost);
