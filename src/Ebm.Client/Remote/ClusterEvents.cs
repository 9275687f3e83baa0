using Ebm.Client.Progress;
using Ebm.Client.Runs;
using Ebm.Contracts.Runs;
using Ebm.Core;

namespace Ebm.Client.Remote;

/// <summary>
/// The events of a run in a cluster, whatever happens to silos, gateways and Redis meanwhile: a lost call is made
/// again.
/// </summary>
/// <param name="run">The run.</param>
/// <param name="view">Gets notices of lost calls.</param>
/// <param name="time">Time between tries.</param>
/// <param name="submitAgain">
/// Brings back a run that the cluster has forgotten; null where the spec is not at hand. A Redis that dies may lose
/// what was written in its last second, a run's first record among it.
/// </param>
internal sealed class ClusterEvents(
    IRunGrain run, IEventView view, TimeProvider time, Func<Task<RunStatus>>? submitAgain = null) : IRunEvents
{
    // An empty page comes after five seconds; a silo that died answers nothing, and its calls fail much later.
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(200), Silence = TimeSpan.FromSeconds(12);

    // Calls that failed in succession.
    private int _failures;

    // Whether something was wrong since the record was last known to be there. One that vanishes while all is well was
    // deleted.
    private bool _troubled;

    /// <inheritdoc/>
    public async Task<EventPage> Next(long after, CancellationToken cancellationToken)
    {
        EventPage? page;
        do
        {
            page = await TryNext(after, cancellationToken);
        }
        while (page is null);

        _troubled = page.Status.Waiting is not null;
        return page;
    }

    private async Task<EventPage?> TryNext(long after, CancellationToken cancellationToken)
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
        if (_failures++ == 0)
        {
            view.Notice($"the call to the cluster failed ({TransientErrors.Brief(e)}); trying again");
        }

        await Task.Delay(ClusterCalls.Backoff.Delay(_failures), time, cancellationToken);
    }

    private static bool IsLost(Exception e, CancellationToken ours) =>
        TransientErrors.Is(e) && !(e is OperationCanceledException && ours.IsCancellationRequested);

    private void Back()
    {
        if (_failures > 0)
        {
            _failures = 0;
            view.Notice("the cluster answers again");
        }
    }
}
