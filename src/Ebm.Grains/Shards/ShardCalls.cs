using Ebm.Contracts;
using Ebm.Contracts.Chains;
using Ebm.Contracts.Epochs;
using Ebm.Core;
using Ebm.Core.Rounds;
using Ebm.Core.Sampling;
using Ebm.Grains.Epochs;
using Ebm.Grains.Stores;
using Ebm.Grains.Telemetry;
using Microsoft.Extensions.Logging;

namespace Ebm.Grains.Shards;

/// <summary>The negatives of one shard for one round.</summary>
internal sealed record ShardNegatives(
    int Shard, long Round, ReadOnlyMemory<byte> States, ChainMetrics Figures, ShardSeconds Work);

/// <summary>A shard is not where the server believes it to be; the run goes back to a checkpoint.</summary>
internal sealed class ShardOutOfStepException(ShardKey shard, long asked, AdvanceReply reply)
    : Exception($"Shard {shard} was asked for round {asked} and is at round {reply.LastRound} ({reply.Outcome}). "
        + $"{reply.Problem}".TrimEnd());

/// <summary>
/// Calls of a parameter server to its shards. A call that fails has an unknown outcome; every one here may be repeated.
/// </summary>
internal sealed partial class ShardCalls(
    IGrainFactory grains, SiloMetrics metrics, TimeProvider time, ILogger<ShardCalls> logger)
{
    /// <summary>
    /// Asks a shard for a round until it has its negatives; <paramref name="places"/> learns where that is.
    /// </summary>
    /// <exception cref="ShardOutOfStepException">It is at another round.</exception>
    /// <exception cref="StaleEpochException">It obeys a later parameter server.</exception>
    /// <exception cref="EbmException">It cannot compute the round; the message says why.</exception>
    public async Task<ShardNegatives> Advance(
        ShardKey shard, AdvanceOrder order, ShardLocations places, CancellationToken cancellationToken)
    {
        using var span = Tracing.Start(Catalogue.AdvanceSpan).With(Catalogue.Shard, shard.Shard)
            .With(Catalogue.Version, order.Version);
        try
        {
            var (negatives, silo) = await Ask(shard, order, places, cancellationToken);
            span.With(Catalogue.Silo, silo);
            metrics.Received("negatives", negatives.States.Length);
            return negatives;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            span.Fail(e);
            throw;
        }
    }

    private async Task<(ShardNegatives Negatives, string Silo)> Ask(
        ShardKey shard, AdvanceOrder order, ShardLocations places, CancellationToken cancellationToken)
    {
        var grain = grains.GetGrain<IChainGrain>(shard.ToString());
        while (true)
        {
            var reply = await CallRetry.Call(
                () => grain.Advance(order, cancellationToken),
                time,
                (problem, pause) =>
                {
                    LogRetry(shard, problem, pause);
                    metrics.Retried();
                    places.Failed(shard, order.Round);
                },
                cancellationToken);
            places.Note(shard.Shard, order.Round, reply.Silo);
            switch (reply.Outcome)
            {
                case AdvanceOutcome.Working:
                    continue;
                case AdvanceOutcome.Done when reply.Version != order.Version:
                    throw new ShardOutOfStepException(shard, order.Round, reply);
                case AdvanceOutcome.Done when reply.Pieces == 1:
                    return (new ShardNegatives(
                        shard.Shard, order.Round, reply.Negatives.Bytes, reply.Figures, reply.Work), reply.Silo);
                case AdvanceOutcome.Done:
                    var states = await Collect(grain, shard, order, reply, cancellationToken);
                    return (new ShardNegatives(shard.Shard, order.Round, states, reply.Figures, reply.Work),
                        reply.Silo);
                case AdvanceOutcome.StaleEpoch:
                    throw new StaleEpochException(shard.Run, order.Epoch, reply.Epoch);
                case AdvanceOutcome.Failed:
                    throw new EbmException($"shard {shard.Shard}, round {order.Round}: {reply.Problem}");
                default:
                    throw new ShardOutOfStepException(shard, order.Round, reply);
            }
        }
    }

    /// <summary>Puts a shard back to a checkpoint.</summary>
    /// <exception cref="StaleEpochException">It obeys a later parameter server.</exception>
    /// <exception cref="EbmException">It cannot go back there.</exception>
    public async Task Rewind(ShardKey shard, RewindOrder order, CancellationToken cancellationToken)
    {
        var grain = grains.GetGrain<IChainGrain>(shard.ToString());
        var reply = await Insist(shard, () => grain.Rewind(order), cancellationToken);
        if (reply.Problem is { } problem)
        {
            throw new EbmException($"shard {shard.Shard} cannot go back to round {order.Round}: {problem}");
        }

        if (!reply.Accepted)
        {
            throw new StaleEpochException(shard.Run, order.Epoch, reply.Epoch);
        }
    }

    private async Task<ReadOnlyMemory<byte>> Collect(
        IChainGrain grain, ShardKey shard, AdvanceOrder order, AdvanceReply reply, CancellationToken cancellationToken)
    {
        var states = await PagedBytes.Collect(async page =>
        {
            var piece = await Insist(shard, () => grain.Negatives(order, page), cancellationToken);
            return piece.Found ? new BytePage(reply.Pieces, piece.Bytes) : null;
        });
        return states ?? throw new ShardOutOfStepException(shard, order.Round, reply);
    }

    private Task<T> Insist<T>(ShardKey shard, Func<Task<T>> call, CancellationToken cancellationToken) =>
        CallRetry.Call(
        call, time, (problem, pause) => LogRetry(shard, problem, pause), cancellationToken);

    [LoggerMessage(20, LogLevel.Warning, "Shard {Shard} did not answer ({Problem}); asking again in {Pause}")]
    private partial void LogRetry(ShardKey shard, string problem, TimeSpan pause);
}
