using Ebm.Client.Progress;
using Ebm.Contracts.Runs;

namespace Ebm.Client.Runs;

/// <summary>Follows a run to its end, and shows each event once.</summary>
/// <param name="events">The run's events.</param>
/// <param name="view">Shows them.</param>
/// <param name="phases">Shows what is no event; null where only events are wanted.</param>
internal sealed class RunFollower(IRunEvents events, IEventView view, RunPhases? phases = null)
{
    /// <summary>The run as it was last seen.</summary>
    public RunStatus? Latest { get; private set; }

    /// <summary>Shows the events after a number until the run ends.</summary>
    /// <param name="status">The run as it was last seen.</param>
    /// <param name="after">Number of the last event that is not shown.</param>
    /// <param name="cancellationToken">Ends the following, not the run.</param>
    /// <returns>The run at its end.</returns>
    /// <exception cref="NotFoundException">It was deleted.</exception>
    public async Task<RunStatus> Follow(RunStatus status, long after, CancellationToken cancellationToken)
    {
        Latest = status;
        phases?.Reached(status);
        while (status.IsUnfinished)
        {
            var page = await events.Next(after, cancellationToken);

            // The numbers of an activation's last events die with it. Its successor may have given them out anew
            // already.
            after = Math.Min(after, page.Status.LastEvent);
            phases?.Reached(page.Status);
            foreach (var e in page.Events.Where(e => e.Number > after))
            {
                after = e.Number;
                if (phases is null || !RunPhases.Covers(e))
                {
                    view.Show(e, page.Status);
                }
            }

            Latest = status = page.Status;
        }

        return status;
    }
}
