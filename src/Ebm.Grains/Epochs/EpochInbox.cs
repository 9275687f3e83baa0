using System.Runtime.ExceptionServices;
using System.Threading.Channels;
using Ebm.Core.Rounds;
using Ebm.Grains.Shards;

namespace Ebm.Grains.Epochs;

/// <summary>
/// The one way from work beside the loop (shards, evaluations, a stop) to the protocol. A message is handled when it is
/// posted, also while an update is computed, so that shards get their next order at once. Used from the parameter
/// server's turns only.
/// </summary>
internal sealed class EpochInbox(ServerProtocol protocol, ShardOrders orders)
{
    private readonly Dictionary<long, ShardNegatives[]> _negatives = [];
    private readonly Channel<bool> _changes = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    private ExceptionDispatchInfo? _failure;

    /// <summary>Handles a message, sends the orders that it allows, and wakes the loop.</summary>
    public void Post(EpochMessage message)
    {
        switch (message)
        {
            case EpochMessage.NegativesArrived(var order, var negatives)
                when protocol.OnNegatives(negatives.Shard, order):
                Keep(negatives);
                break;
            case EpochMessage.OutcomeKnown(var round, var endsRun):
                protocol.OnOutcome(round, endsRun);
                break;
            case EpochMessage.StopRequested:
                protocol.RequestStop();
                break;
            case EpochMessage.WorkFailed(var failure):
                _failure ??= failure;
                break;
        }

        SendOrders();
        _changes.Writer.TryWrite(true);
    }

    /// <summary>Sends the orders that the protocol allows.</summary>
    public void SendOrders()
    {
        while (protocol.NextOrder() is { } order)
        {
            orders.Send(order, Post);
        }
    }

    /// <summary>Rewinds every shard to the protocol's first version.</summary>
    /// <exception cref="Stores.StaleEpochException">A shard obeys a later parameter server.</exception>
    /// <exception cref="Core.EbmException">A shard cannot be rewound.</exception>
    public Task RewindShards()
    {
        var order = protocol.Rewind;
        return orders.Rewind(order, shard => protocol.OnRewound(shard, order.Epoch));
    }

    /// <summary>
    /// Waits for all negatives of a round; returns them by shard, or null if the run stops before the round.
    /// </summary>
    /// <exception cref="Exception">An order or an evaluation failed.</exception>
    public async Task<ShardNegatives[]?> WaitForNegatives(long round, CancellationToken cancellationToken)
    {
        while (!protocol.ReadyToUpdate && !protocol.IsFinished)
        {
            _failure?.Throw();
            await _changes.Reader.ReadAsync(cancellationToken);
        }

        return !protocol.IsFinished && _negatives.Remove(round, out var arrived) ? arrived : null;
    }

    private void Keep(ShardNegatives negatives)
    {
        if (!_negatives.TryGetValue(negatives.Round, out var ofRound))
        {
            _negatives.Add(negatives.Round, ofRound = new ShardNegatives[protocol.Plan.Shards]);
        }

        ofRound[negatives.Shard] = negatives;
    }
}
