using Ebm.Grains.Faults;
using Microsoft.Extensions.DependencyInjection;

namespace Ebm.Grains.Tests.Runs;

/// <summary>
/// A round of a run's first attempt that waits on the silo's lanes until it is released. Grains answer meanwhile.
/// </summary>
internal sealed class HeldRound : IDisposable
{
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ManualResetEventSlim _released = new();

    /// <summary>Holds a round, once, of all runs of a silo; faults that are injected already stay.</summary>
    public HeldRound(Embedded silo, long held)
    {
        var faults = silo.Services.GetRequiredService<FaultPoints>();
        var others = faults.CorruptBatch;
        faults.CorruptBatch = (run, attempt, round) =>
            (attempt, round) == (0, held) ? _ => Hold() : others?.Invoke(run, attempt, round);
    }

    /// <summary>Completes when the round has begun; what came before it is stored.</summary>
    public Task Reached => _reached.Task.Within();

    /// <summary>Lets it continue.</summary>
    public void Release() => _released.Set();

    // The lanes may still wait on the event, so it is not disposed of.
    public void Dispose() => Release();

    private void Hold()
    {
        _reached.TrySetResult();
        _released.Wait(Eventually.Limit);
    }
}
