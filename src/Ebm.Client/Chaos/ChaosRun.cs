using Ebm.Client.Local;
using Ebm.Client.Remote;
using Ebm.Configuration.Reading;
using Ebm.Contracts.Cluster;
using Ebm.Contracts.Runs;
using Ebm.Core;
using Ebm.Core.Spec;

namespace Ebm.Client.Chaos;

/// <summary>
/// Runs a spec undisturbed and then under faults, on a cluster of this machine, and reports the result.
/// </summary>
internal sealed class ChaosRun(ChaosOptions options, IChaosView view, TimeProvider time)
{
    private const string Undisturbed = "undisturbed", Disturbed = "disturbed";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3), WholeRun = TimeSpan.FromHours(6),
        Mending = TimeSpan.FromSeconds(90);

    /// <summary>Does it.</summary>
    /// <exception cref="EbmException">The cluster cannot be started, or the undisturbed run fails.</exception>
    public async Task<ChaosResult> Run(CancellationToken cancel)
    {
        await using var cluster = new LocalCluster(options.Cluster);
        await cluster.Start(cancel);
        var name = new ClusterName(ClusterAddress.Parse(cluster.Address), IsOption: false, TimeSpan.FromSeconds(30));
        await using var connection = await ClusterConnection.Open(name, verbose: false);
        view.Started(cluster);

        var (calm, calmSeconds) = await Alone(connection, cancel);
        view.Calm(calm, calmSeconds);

        var small = new SmallRuns(connection, options.Spec);
        var faults = new List<InjectedFault>();
        var runs = new List<DisturbedRun>();
        var plan = new Queue<PlannedFault>(FaultPlan.Make(options.Seed, options.Kills, options.Kinds));
        var before = -1;
        while (plan.Count > 0 && faults.Count > before)
        {
            // A run that ends before all faults have come is followed by another one of the same spec.
            before = faults.Count;
            runs.Add(await Under(plan, faults, cluster, connection, small, $"{Disturbed}-{runs.Count + 1}", cancel));
            view.Ended(runs[^1]);
        }

        return new ChaosResult
        {
            Options = options,
            Calm = calm,
            CalmSeconds = calmSeconds,
            Runs = runs,
            Faults = faults,
            Small = await small.End(cancel),
            Strangers = [.. (await connection.Runs()).Select(r => r.Id)
                .Where(id => id != Undisturbed && !id.StartsWith(Disturbed, StringComparison.Ordinal)
                    && !SmallRuns.IsOne(id))],
        };
    }

    private async Task<DisturbedRun> Under(
        Queue<PlannedFault> plan, List<InjectedFault> faults, LocalCluster cluster, ClusterConnection connection,
        SmallRuns small,
        string id, CancellationToken cancel)
    {
        var begun = time.GetTimestamp();
        var run = new RemoteRun(connection, id);
        var submission = Submission(options.Spec);
        await run.Submit(submission);
        await using var progress = new RunProgress(run.Grain, time);
        progress.Start();
        await Disturb(plan, faults, cluster, connection, run, progress, small, cancel);
        await progress.End(WholeRun, cancel);
        var ended = await run.Status();
        var seconds = time.GetElapsedTime(begun).TotalSeconds;

        // The same submit once more is the same run, and changes nothing.
        var again = await run.Submit(submission);
        return new DisturbedRun(ended, seconds, progress.Events, await run.Metrics(), again, await run.Details());
    }

    private async Task<(RunStatus Status, double Seconds)> Alone(ClusterConnection connection, CancellationToken cancel)
    {
        var begun = time.GetTimestamp();
        var run = new RemoteRun(connection, Undisturbed);
        await run.Submit(Submission(options.Spec));
        await using var progress = new RunProgress(run.Grain, time);
        progress.Start();
        await progress.End(WholeRun, cancel);
        var status = await run.Status();
        return status.State == RunState.Succeeded
            ? (status, time.GetElapsedTime(begun).TotalSeconds)
            : throw new EbmException($"the undisturbed run {status.State.ToString().ToLowerInvariant()}: "
                + $"{status.Reason}");
    }

    private async Task Disturb(
        Queue<PlannedFault> plan, List<InjectedFault> happened, LocalCluster cluster, ClusterConnection connection,
        RemoteRun run,
        RunProgress progress, SmallRuns small, CancellationToken cancel)
    {
        var injector = new FaultInjector(cluster, connection, run, time);
        var mending = new List<Task>();
        var reached = 0L;
        while (plan.TryPeek(out var fault))
        {
            if (!await progress.Reach(reached + fault.Rounds, Patience, cancel) || progress.HasEnded)
            {
                break;
            }

            await small.MaybeSubmit(fault.Number);
            if (await injector.Inject(fault, cancel) is not { } injection)
            {
                break;
            }

            plan.Dequeue();
            if (injection.Undo is { } undo)
            {
                mending.Add(undo(cancel));
            }

            var stalled = await progress.LongestStall(injection.At, Patience, cancel);
            var one = new InjectedFault(
                fault, injection.Target, injection.Kills, injection.Round, stalled, injection.WasServer,
                injection.Note);
            happened.Add(one);
            view.Happened(one);
            reached = Math.Max(injection.Round, progress.Round);
            if (!options.Overlap)
            {
                await Task.WhenAll(mending);
                await Whole(cluster, cancel);
            }
        }

        await Task.WhenAll(mending);
        await Whole(cluster, cancel);
    }

    /// <summary>Waits until every process is up again.</summary>
    private async Task Whole(LocalCluster cluster, CancellationToken cancel)
    {
        var begun = time.GetTimestamp();
        while (cluster.Silos.Any(s => s.State != SiloState.Ready) || !cluster.Redis.IsReady)
        {
            if (time.GetElapsedTime(begun) > Mending)
            {
                throw new EbmException("the cluster did not become whole again: "
                    + string.Join(", ", cluster.Silos.Where(s => s.State != SiloState.Ready)
                    .Select(s => $"{s.Name} is {s.State} (its log is {s.Log})")));
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), time, cancel);
        }
    }

    private static RunSubmission Submission(RunSpec spec) => new(SpecJson.Write(spec), SpecJson.Digest(spec));
}
