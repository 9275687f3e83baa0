using System.Runtime.ExceptionServices;
using System.Threading.Channels;
using Ebm.Contracts.Chains;
using Ebm.Core.Rounds;
using Ebm.Grains.Runs;
using Ebm.Grains.Shards;
using Ebm.Grains.Telemetry;

namespace Ebm.Grains.Epochs;

/// <summary>
/// Sends the orders that may be sent and gathers what shards answer, in turns of the parameter server's grain, also
/// while an update is being computed.
/// </summary>
internal sealed class NegativesCollector(
    RunContext run, ServerProtocol protocol, ShardCalls shards, ShardLocations places, RoundTraces traces,
    RoundTimings clock)
{
    private readonly Dictionary<long, ShardNegatives[]> _negatives = [];
    private readonly Channel<bool> _signal = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    private ExceptionDispatchInfo? _failure;

    /// <summary>Something has changed that <see cref="Arrive"/> waits for.</summary>
    public void Signal() => _signal.Writer.TryWrite(true);

    /// <summary>Ends <see cref="Arrive"/> with an error that is not a shard's.</summary>
    public void Fail(ExceptionDispatchInfo failure)
    {
        _failure ??= failure;
        Signal();
    }

    /// <summary>Sends the orders that may be sent.</summary>
    public void AskNext(CancellationToken cancellationToken)
    {
        while (protocol.NextOrder() is { } order)
        {
            foreach (var shard in run.Plan.Shards)
            {
                _ = Ask(new ShardKey(run.Id, shard.Index), order, cancellationToken);
            }
        }
    }

    /// <summary>
    /// All negatives of a round, by shard, asked for as soon as that may be; null if the run stops before it.
    /// </summary>
    /// <exception cref="Exception">What a shard could not do.</exception>
    public async Task<ShardNegatives[]?> Arrive(long round, CancellationToken cancellationToken)
    {
        while (!protocol.ReadyToUpdate && !protocol.IsFinished)
        {
            _failure?.Throw();
            AskNext(cancellationToken);
            await _signal.Reader.ReadAsync(cancellationToken);
        }

        return !protocol.IsFinished && _negatives.Remove(round, out var arrived) ? arrived : null;
    }

    /// <summary>Puts every shard back to where the protocol starts from.</summary>
    public Task Rewind(CancellationToken cancellationToken)
    {
        var order = protocol.Rewind;
        return Task.WhenAll(run.Plan.Shards.Select(async shard =>
        {
            await shards.Rewind(new ShardKey(run.Id, shard.Index), order, cancellationToken);
            protocol.OnRewound(shard.Index, order.Epoch);
        }));
    }

    private async Task Ask(ShardKey shard, AdvanceOrder order, CancellationToken cancellationToken)
    {
        traces.Enter(order.Round, order.Attempt, order.Checkpoint);
        try
        {
            var asked = clock.Now;
            var negatives = await shards.Advance(shard, order, places, cancellationToken);
            clock.Arrived(order.Round, shard.Shard, asked, negatives.Work);
            if (protocol.OnNegatives(shard.Shard, order))
            {
                if (!_negatives.TryGetValue(order.Round, out var ofRound))
                {
                    _negatives.Add(order.Round, ofRound = new ShardNegatives[run.Plan.Shards.Count]);
                }

                ofRound[shard.Shard] = negatives;
                AskNext(cancellationToken);
            }
        }
        catch (Exception e)
        {
            // Thrown again in the loop, which decides what it means.
            _failure ??= ExceptionDispatchInfo.Capture(e);
        }

        Signal();
    }
}
