using Ebm.Contracts.Epochs;
using Ebm.Core.Learning;
using Ebm.Core.Rounds;
using Ebm.Grains.Faults;
using Ebm.Grains.Reporting;
using Ebm.Grains.Runs;
using Ebm.Grains.Shards;
using Ebm.Grains.Telemetry;
using Ebm.Grains.Versions;

namespace Ebm.Grains.Epochs;

/// <summary>
/// The parts of a parameter server that work on one epoch, as <see cref="EpochFactory"/> connects them. Disposing it
/// cancels all work beside the loop and retires the versions. Used from the parameter server's turns only.
/// </summary>
internal sealed class Epoch(CancellationTokenSource working) : IAsyncDisposable
{
    /// <summary>The state that it started from.</summary>
    public required RestoredEpoch Restored { get; init; }

    /// <summary>Decides on orders and rounds.</summary>
    public required ServerProtocol Protocol { get; init; }

    /// <summary>Receives the news from shards, evaluations and a stop.</summary>
    public required EpochInbox Inbox { get; init; }

    /// <summary>Computes gradients and steps.</summary>
    public required RoundUpdate Update { get; init; }

    /// <summary>The versions on offer.</summary>
    public required VersionBoard Versions { get; init; }

    /// <summary>Writes checkpoints.</summary>
    public required CheckpointKeeper Checkpoints { get; init; }

    /// <summary>Evaluates checkpoints beside the loop.</summary>
    public required RunEvaluations Evaluations { get; init; }

    /// <summary>Writes samples and plots.</summary>
    public required RunArtefacts Artefacts { get; init; }

    /// <summary>Follows the shards from silo to silo.</summary>
    public required ShardLocations Locations { get; init; }

    /// <summary>The rounds' traces.</summary>
    public required RoundTraces Traces { get; init; }

    /// <summary>The rounds' times.</summary>
    public required RoundTimings Timings { get; init; }

    /// <summary>The silo's metrics.</summary>
    public required SiloMetrics Metrics { get; init; }

    /// <summary>The fault points of a chaos run.</summary>
    public required FaultPoints Faults { get; init; }

    /// <summary>The clock.</summary>
    public required TimeProvider Time { get; init; }

    /// <summary>Run, epoch and stop signal.</summary>
    public EpochAssignment Assignment => Restored.Assignment;

    /// <summary>The run.</summary>
    public RunContext Run => Assignment.Run;

    /// <summary>The trainer's state.</summary>
    public TrainerState State => Restored.State;

    /// <summary>Sends events and metrics.</summary>
    public RunReporter Reporter => Restored.Reporter;

    /// <summary>Cancelled when the epoch ends or is replaced.</summary>
    public CancellationToken Working { get; } = working.Token;

    /// <summary>A snapshot for monitoring.</summary>
    public ServerView View() => new(Assignment.Epoch, Locations.List(Run.Plan.Shards.Count), Timings.ListRounds());

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Traces.End();
        Metrics.ServerEnds(Run.Id);
        await working.CancelAsync();
        Versions.Clear();
        working.Dispose();
    }
}
