using Ebm.Client.Progress;
using Ebm.Client.Runs;
using Ebm.Contracts.Runs;
using Ebm.Core;

namespace Ebm.Client.Remote;

/// <summary>
/// Follows a run in a cluster to its end, whatever happens to silos, gateways and Redis meanwhile: a lost call is made
/// again, from the last event that was seen.
/// </summary>
/// <param name="run">The run.</param>
/// <param name="view">Where it is shown.</param>
/// <param name="time">Time between tries.</param>
/// <param name="progression">Shows what is no event; null where nothing but events is wanted.</param>
/// <param name="submitAgain">
/// Brings back a run that the cluster has forgotten; null where the spec is not at hand. A Redis that dies may lose
/// what was written in its last second, a run's first record among it.
/// </param>
internal sealed class RunFollower(
    IRunGrain run, IEventView view, TimeProvider time, RunPhases? progression = null,
    Func<Task<RunStatus>>? submitAgain = null)
{
    // An empty page comes after five seconds; a silo that died answers nothing, and its calls fail much later.
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(200), Silence = TimeSpan.FromSeconds(12);

    private RetryBackoff? _away;

    // Whether something was wrong since the record was last known to be there. One that vanishes while all is well was
    // deleted.
    private bool _troubled;

    /// <summary>The run as it was last seen.</summary>
    public RunStatus? Latest { get; private set; }

    /// <summary>Shows what happens from now on.</summary>
    /// <param name="status">The run as it was last seen.</param>
    /// <param name="cancellationToken">Ends the following, not the run.</param>
    /// <returns>The run at its end.</returns>
    /// <exception cref="NotFoundException">It was deleted.</exception>
    public async Task<RunStatus> Follow(RunStatus status, CancellationToken cancellationToken)
    {
        Latest = status;
        progression?.Reached(status);
        for (var after = status.LastEvent; status.IsUnfinished;)
        {
            if (await Next(after, cancellationToken) is not { } page)
            {
                continue;
            }

            // The numbers of an activation's last events die with it. Its successor may have given them out anew
            // already.
            after = Math.Min(after, page.Status.LastEvent);
            progression?.Reached(page.Status);
            foreach (var e in page.Events.Where(e => e.Number > after))
            {
                after = e.Number;
                if (progression is null || !RunPhases.Covers(e))
                {
                    view.Show(e, page.Status);
                }
            }

            Latest = status = page.Status;
            _troubled = status.Waiting is not null;
        }

        return status;
    }

    private async Task<EventPage?> Next(long after, CancellationToken cancellationToken)
    {
        try
        {
            var page = await run.Events(after, cancellationToken).WaitAsync(Silence, time, cancellationToken);
            Back();
            return page;
        }
        catch (Exception e) when (IsLost(e, cancellationToken))
        {
            await Away(e, cancellationToken);
            return null;
        }
        catch (InputException)
        {
            return await Missing(cancellationToken);
        }
    }

    // Either it is gone, or the record was only not there yet when the grain was asked.
    private async Task<EventPage?> Missing(CancellationToken cancellationToken)
    {
        try
        {
            if (await run.Status().WaitAsync(cancellationToken) is { } there)
            {
                await Task.Delay(Soon, time, cancellationToken);
                return new EventPage([], there);
            }

            if (submitAgain is null || !_troubled)
            {
                throw new NotFoundException("the run is no longer there: it was deleted.");
            }

            view.Notice("the cluster lost the run's record; submitting it again");
            return new EventPage([], await submitAgain().WaitAsync(cancellationToken));
        }
        catch (Exception e) when (IsLost(e, cancellationToken))
        {
            await Away(e, cancellationToken);
            return null;
        }
    }

    private async Task Away(Exception e, CancellationToken cancellationToken)
    {
        _troubled = true;
        if (_away is null)
        {
            _away = new RetryBackoff();
            view.Notice($"the call to the cluster failed ({TransientErrors.Brief(e)}); trying again");
        }

        await Task.Delay(_away.Next(), time, cancellationToken);
    }

    private static bool IsLost(Exception e, CancellationToken ours) =>
        TransientErrors.Is(e) && !(e is OperationCanceledException && ours.IsCancellationRequested);

    private void Back()
    {
        if (_away is not null)
        {
            _away = null;
            view.Notice("the cluster answers again");
        }
    }
}
