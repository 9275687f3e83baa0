using Ebm.Contracts;
using Ebm.Contracts.Chains;
using Ebm.Contracts.Epochs;
using Ebm.Contracts.Retries;
using Ebm.Core;
using Ebm.Core.Rounds;
using Ebm.Core.Sampling;
using Ebm.Grains.Epochs;
using Ebm.Grains.Stores;
using Ebm.Grains.Telemetry;
using Microsoft.Extensions.Logging;

namespace Ebm.Grains.Shards;

/// <summary>The negatives of one shard for one round.</summary>
/// <param name="Shard">The shard's number.</param>
/// <param name="Round">The round.</param>
/// <param name="States">The encoded states of its chains.</param>
/// <param name="Figures">The chains' metrics.</param>
/// <param name="Work">The shard's own times.</param>
internal sealed record ShardNegatives(
    int Shard, long Round, ReadOnlyMemory<byte> States, ChainMetrics Figures, ShardSeconds Work);

/// <summary>A shard is at another round than the server expects; the next epoch rewinds all shards.</summary>
internal sealed class ShardOutOfStepException(RewindCause cause) : Exception(cause.ToString())
{
    /// <summary>Shard, rounds and outcome.</summary>
    public RewindCause Cause => cause;
}

/// <summary>
/// Calls of a parameter server to its shards. The outcome of a failed call is unknown; every call here may be repeated.
/// </summary>
internal sealed partial class ShardCalls(
    IGrainFactory grains, SiloMetrics metrics, TimeProvider time, ILogger<ShardCalls> logger)
{
    /// <summary>Asks a shard for a round until it has computed it.</summary>
    /// <param name="shard">The shard.</param>
    /// <param name="order">The order.</param>
    /// <param name="locations">Gets the silo of each answer, and the failed calls.</param>
    /// <param name="cancellationToken">Ends the epoch.</param>
    /// <exception cref="ShardOutOfStepException">The shard is at another round.</exception>
    /// <exception cref="StaleEpochException">The shard obeys a later parameter server.</exception>
    /// <exception cref="EbmException">The shard cannot compute the round.</exception>
    public async Task<ShardNegatives> Advance(
        ShardKey shard, AdvanceOrder order, ShardLocations locations, CancellationToken cancellationToken)
    {
        using var span = Tracing.Start(Catalogue.AdvanceSpan)
            .With(Catalogue.Shard, shard.Shard).With(Catalogue.Version, order.Version);
        try
        {
            var (negatives, silo) = await Ask(shard, order, locations, cancellationToken);
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
        ShardKey shard, AdvanceOrder order, ShardLocations locations, CancellationToken cancellationToken)
    {
        var grain = grains.GetGrain<IChainGrain>(shard.ToString());
        while (true)
        {
            var reply = await CallRetry.Call(
                () => grain.Advance(order, cancellationToken),
                time,
                failed =>
                {
                    LogRetry(shard, failed);
                    metrics.Retried();
                    locations.RecordFailure(shard, order.Round);
                },
                cancellationToken);
            locations.Record(shard.Shard, order.Round, reply.Silo);
            switch (reply.Outcome)
            {
                case AdvanceOutcome.Working:
                    continue;
                case AdvanceOutcome.Done when reply.Version != order.Version:
                    throw OutOfStep(shard, order, reply);
                case AdvanceOutcome.Done:
                    var states = reply.Pieces == 1
                        ? reply.Negatives.Bytes
                        : await Collect(grain, shard, order, reply, cancellationToken);
                    return (new(shard.Shard, order.Round, states, reply.Figures, reply.Work), reply.Silo);
                case AdvanceOutcome.StaleEpoch:
                    throw new StaleEpochException(shard.Run, order.Epoch, reply.Epoch);
                case AdvanceOutcome.Failed:
                    throw new EbmException($"shard {shard.Shard}, round {order.Round}: {reply.Problem}");
                default:
                    throw OutOfStep(shard, order, reply);
            }
        }
    }

    /// <summary>Rewinds a shard to a checkpoint.</summary>
    /// <exception cref="StaleEpochException">The shard obeys a later parameter server.</exception>
    /// <exception cref="EbmException">The shard cannot be rewound.</exception>
    public async Task Rewind(ShardKey shard, RewindOrder order, CancellationToken cancellationToken)
    {
        var grain = grains.GetGrain<IChainGrain>(shard.ToString());
        var reply = await Repeat(shard, () => grain.Rewind(order), cancellationToken);
        if (reply.Problem is { } problem)
        {
            throw new EbmException($"shard {shard.Shard} cannot be rewound to round {order.Round}: {problem}");
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
            var piece = await Repeat(shard, () => grain.Negatives(order, page), cancellationToken);
            return piece.Found ? new BytePage(reply.Pieces, piece.Bytes) : null;
        });
        return states ?? throw OutOfStep(shard, order, reply);
    }

    private static ShardOutOfStepException OutOfStep(ShardKey shard, AdvanceOrder order, AdvanceReply reply) => new(
        new RewindCause
        {
            Reason = RewindReason.ShardOutOfStep,
            Shard = shard.Shard,
            Round = order.Round,
            Got = reply.LastRound,
            Outcome = reply.Outcome,
            Problem = reply.Problem,
        });

    private Task<T> Repeat<T>(ShardKey shard, Func<Task<T>> call, CancellationToken cancellationToken) =>
        CallRetry.Call(call, time, failed => LogRetry(shard, failed), cancellationToken);

    private void LogRetry(ShardKey shard, FailedAttempt failed) =>
        LogRetry(shard, failed.Failure.Message, failed.Delay);

    [LoggerMessage(20, LogLevel.Warning, "Shard {Shard} did not answer ({Problem}); retrying in {Pause}")]
    private partial void LogRetry(ShardKey shard, string problem, TimeSpan pause);
}
