using System.Diagnostics;
using Ebm.Core.Recovery;
using Ebm.Core.Rounds;
using Ebm.Grains.Devices;
using Ebm.Grains.Faults;
using Ebm.Grains.Placement;
using Ebm.Grains.Reporting;
using Ebm.Grains.Shards;
using Ebm.Grains.Stores;
using Ebm.Grains.Telemetry;
using Ebm.Grains.Versions;
using Microsoft.Extensions.Logging;

namespace Ebm.Grains.Epochs;

/// <summary>Connects the parts of an epoch.</summary>
internal sealed class EpochFactory(
    ShardCalls shards,
    ParameterCache cache,
    DeviceLanes lanes,
    ICheckpointStore checkpoints,
    IReplayStore replay,
    IRunJournal journal,
    LaneSilos silos,
    IGrainFactory grains,
    FaultPoints faults,
    SiloMetrics metrics,
    TimeProvider time,
    ILogger<ShardLocations> logger)
{
    /// <summary>
    /// The epoch that continues from a restored state. The caller disposes the epoch, then the state.
    /// </summary>
    /// <param name="restored">The state.</param>
    /// <param name="cause">The span that the epoch started in; null where it is not traced.</param>
    /// <param name="cancellationToken">Ends the epoch at once.</param>
    public Epoch Create(RestoredEpoch restored, Activity? cause, CancellationToken cancellationToken)
    {
        var (start, run) = (restored.Assignment.Start, restored.Assignment.Run);
        var (state, reporter) = (restored.State, restored.Reporter);
        var rollbacks = state.Recovery.Rollbacks;
        var working = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var versions = new VersionBoard(run, start.Epoch, cache, lanes);
        foreach (var (version, parameters) in restored.Versions.OrderBy(v => v.Key))
        {
            versions.Publish(version, parameters);
        }

        var plan = new RoundPlan(
            run.Plan.Shards.Count, run.Plan.Rounds, run.Spec.Learning.Lag, run.Spec.Output.CheckpointEvery)
        {
            Outcomes = run.Plan.Outcomes,
        };
        var protocol = ServerProtocol.Start(
            plan, start.Epoch, state.Attempt, restored.AttemptBase, state.Version, RecoveryPolicy.Sampler(rollbacks));
        var traces = new RoundTraces(run.Id, start.Epoch, cause, start.Trace, state.Version + 1);
        var timings = new RoundTimings(time);
        var locations = new ShardLocations(run.Id, start.Run.Needs, grains, silos, reporter, time, logger);
        var inbox = new EpochInbox(protocol, new ShardOrders(run, shards, locations, traces, timings, working.Token));
        var artefacts = new RunArtefacts(run, start.Epoch, journal, lanes);
        var evaluation = new CheckpointEvaluation(start, run, checkpoints, journal, reporter, lanes, grains, time);
        restored.Assignment.Stop.Subscribe(() => inbox.Post(new EpochMessage.StopRequested()));
        metrics.ServerBegins(run.Id, run.Plan.Rounds, run.Plan.Shards.Count);
        return new Epoch(working)
        {
            Restored = restored,
            Protocol = protocol,
            Inbox = inbox,
            Update = new RoundUpdate(run, lanes, faults, metrics, time, RecoveryPolicy.EnergyL2(run.Spec, rollbacks)),
            Versions = versions,
            Checkpoints = new CheckpointKeeper(restored, versions, checkpoints, replay, lanes, metrics, time),
            Evaluations = new RunEvaluations(run, restored.AttemptBase, evaluation, inbox, artefacts, reporter),
            Artefacts = artefacts,
            Locations = locations,
            Traces = traces,
            Timings = timings,
            Metrics = metrics,
            Faults = faults,
            Time = time,
        };
    }
}
