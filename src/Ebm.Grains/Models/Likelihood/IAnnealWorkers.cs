using Ebm.Contracts.Likelihood;

namespace Ebm.Grains.Models.Likelihood;

/// <summary>Who does the parts of an estimate: this process's lanes, or a cluster's silos.</summary>
internal interface IAnnealWorkers
{
    /// <summary>Does a part, however long it takes.</summary>
    /// <param name="call">The part.</param>
    /// <param name="number">Its number within the estimate.</param>
    /// <param name="progress">Told now and then: steps made, steps in all.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    Task<AnnealReply> Do(AnnealCall call, int number, Action<long, long> progress, CancellationToken cancellationToken);
}

/// <summary>This process's lanes.</summary>
internal sealed class LocalAnnealWorkers(AnnealWorker worker) : IAnnealWorkers
{
    /// <inheritdoc/>
    public Task<AnnealReply> Do(
        AnnealCall call, int number, Action<long, long> progress, CancellationToken cancellationToken) =>
        worker.Do(call, progress, cancellationToken);
}
