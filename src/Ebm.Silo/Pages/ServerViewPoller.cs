using Ebm.Contracts.Epochs;
using Ebm.Contracts.Runs;

namespace Ebm.Silo.Pages;

/// <summary>
/// Polls the progress of a run's parameter server. Nothing waits for the answer: a dying server gives
/// none, and its last answer stays until another server takes over.
/// </summary>
internal sealed class ServerViewPoller(string id, IGrainFactory grains, SiloTable silos, TimeProvider time)
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    private ServerView _view = new(0, [], []);
    private Task _asking = Task.CompletedTask;
    private long _asked;

    /// <summary>What is known, as JSON; asks for more where it is time.</summary>
    public string Poll(RunStatus status)
    {
        if (status is { IsUnfinished: true, ServerSilo: not null } && _asking.IsCompleted
            && time.GetElapsedTime(_asked) > Every)
        {
            (_asking, _asked) = (Ask(status), time.GetTimestamp());
        }

        return PagesJson.Write(new
        {
            silos = silos.Rows(),
            server = status.ServerSilo,
            places = status.IsUnfinished ? _view.Places : [],
            rounds = _view.Rounds,
        });
    }

    private async Task Ask(RunStatus status)
    {
        try
        {
            status.Needs?.Attach();
            var view = await grains.GetGrain<IParameterServerGrain>(id).View();
            _view = view.Epoch == 0 ? _view : view;
        }
        catch (Exception e) when (e is OrleansException or TimeoutException)
        {
            // It is dying, or is placed anew.
        }
    }
}
