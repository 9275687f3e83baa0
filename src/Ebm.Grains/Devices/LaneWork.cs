using TorchSharp;

namespace Ebm.Grains.Devices;

/// <summary>A piece of work in a lane's queue.</summary>
internal interface ILaneWork
{
    /// <summary>Runs it on the calling thread.</summary>
    void Execute(Lane lane);

    /// <summary>Gives it up without running it.</summary>
    void Cancel();
}

/// <summary>A piece of work with a result.</summary>
internal sealed class LaneWork<T>(Func<Lane, T> work, CancellationToken cancellationToken) : ILaneWork
{
    // Continuations are a grain's turns; they must never run on the lane's thread.
    private readonly TaskCompletionSource<T> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<T> Completion => _completion.Task;

    public void Execute(Lane lane)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            Cancel();
            return;
        }

        try
        {
            T result;
            using (torch.no_grad())
            using (torch.NewDisposeScope())
            {
                result = work(lane);
            }

            // Only now: the caller relies on freed temporaries.
            _completion.SetResult(result);
        }
        catch (Exception e)
        {
            _completion.SetException(e);
        }
    }

    public void Cancel() => _completion.TrySetCanceled(cancellationToken);
}
