using System.Diagnostics;
using Ebm.Contracts.Epochs;
using Ebm.Contracts.Runs;
using Ebm.Core;
using Ebm.Grains.Telemetry;

namespace Ebm.Grains.Epochs;

/// <summary>Runs an epoch from restore to report.</summary>
internal sealed class EpochRunner(EpochRestorer restorer, EpochFactory factory, RunRollback rollback)
{
    /// <summary>Works until the epoch ends; returns its last report, which is not sent yet.</summary>
    /// <param name="assignment">Run and epoch.</param>
    /// <param name="created">Gets the epoch once it is restored.</param>
    /// <param name="cancellationToken">Ends the epoch at once.</param>
    /// <exception cref="Stores.StaleEpochException">A later epoch has replaced this one.</exception>
    /// <exception cref="EbmException">The run has failed.</exception>
    public async Task<ServerReport> Run(
        EpochAssignment assignment, Action<Epoch> created, CancellationToken cancellationToken)
    {
        var cause = Activity.Current;
        using var restoring = Tracing.Start(Catalogue.RestoreSpan)
            .With(Catalogue.Run, assignment.Run.Id).With(Catalogue.Epoch, assignment.Epoch);
        using var restored = await restorer.Restore(assignment);
        await using var epoch = factory.Create(restored, cause, cancellationToken);
        created(epoch);
        EpochResult result;
        try
        {
            await new EpochEntry(epoch).Enter();
            restoring.With(Catalogue.Version, restored.State.Version)?.Dispose();
            result = await new TrainingLoop(epoch).Run();
        }
        catch (EbmException e)
        {
            epoch.Traces.Fail(e);
            await epoch.Reporter.FlushBeforeFailure(epoch.Working);
            throw;
        }

        return result is EpochResult.Diverged diverged
            ? Describe(assignment, await rollback.Begin(epoch, diverged)) with { Leaving = assignment.Stop.IsHandover }
            : Describe(assignment, result);
    }

    private static ServerReport Describe(EpochAssignment assignment, EpochResult result)
    {
        var report = new ServerReport { Epoch = assignment.Epoch, Silo = assignment.Silo };
        return result switch
        {
            EpochResult.Completed(var outcome) => report with { Ended = RunState.Succeeded, Result = outcome },
            EpochResult.Stopped(var outcome) => report with { Ended = RunState.Stopped, Result = outcome },
            EpochResult.HandedOver(var round) =>
                Rewind(report, new RewindCause { Reason = RewindReason.Handover, Round = round }) with
                {
                    Leaving = true,
                },
            EpochResult.Rewind(var cause, var rollbacks) => Rewind(report, cause) with { Rollbacks = rollbacks },
            _ => throw new UnreachableException($"{result} is not the end of an epoch."),
        };
    }

    private static ServerReport Rewind(ServerReport report, RewindCause cause) =>
        report with { Cause = cause, Rewind = cause.ToString() };
}
