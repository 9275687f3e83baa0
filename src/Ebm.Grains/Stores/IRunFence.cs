namespace Ebm.Grains.Stores;

/// <summary>
/// The highest epoch that may write for a run. Every write of a run (slots, checkpoints, retention, events) checks it
/// in the same atomic step, so a parameter server that was replaced and wakes up cannot write.
/// </summary>
internal interface IRunFence
{
    /// <summary>
    /// Lets only the returned epoch and later ones write from now on. It lies above every epoch that was ever given out
    /// for the run, also where the store has forgotten some of them.
    /// </summary>
    /// <param name="run">The run.</param>
    /// <param name="atLeast">An epoch that is above those that the caller knows of.</param>
    Task<long> Raise(string run, long atLeast);
}

/// <summary>A write came from an epoch that was replaced. Whoever gets it stops working on the run.</summary>
internal sealed class StaleEpochException(string run, long epoch, long current)
    : Exception($"Epoch {epoch} of run '{run}' was replaced by epoch {current}; it may not write any more.")
{
    /// <summary>The epoch that may write.</summary>
    public long Current { get; } = current;
}
