using Ebm.Contracts;
using Ebm.Contracts.Chains;
using Ebm.Core.Rounds;
using Ebm.Grains.Chains;

namespace Ebm.Grains.Tests.Epochs;

/// <summary>
/// A shard that is no grain. <paramref name="answer"/> replaces its answer to an order, unless it is null.
/// </summary>
internal sealed class LocalShard(Task<ShardWork> work, Func<AdvanceOrder, AdvanceReply?> answer) : IChainGrain
{
    public async Task<AdvanceReply> Advance(AdvanceOrder order, CancellationToken cancellationToken)
    {
        var replacement = answer(order);
        return replacement ?? await (await work).Advance(order).WaitAsync(cancellationToken);
    }

    public async Task<NegativesPiece> Negatives(AdvanceOrder order, int piece) =>
        (await work).FindNegatives(order) is { } states && new PagedBytes(states).Find(piece) is { } bytes
            ? new NegativesPiece(true, bytes)
            : new NegativesPiece(false, default);

    public async Task<RewindReply> Rewind(RewindOrder order) =>
        new(await (await work).Rewind(order), (await work).Position.Epoch, null);

    public Task Move(string silo) => Task.CompletedTask;
}
