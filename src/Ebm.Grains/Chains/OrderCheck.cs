using Ebm.Contracts;
using Ebm.Core.Rounds;

namespace Ebm.Grains.Chains;

/// <summary>
/// Whether an order can be meant at all. Whose it is, and whether it is the next one, the protocol decides.
/// </summary>
internal static class OrderCheck
{
    /// <exception cref="MalformedMessageException">No server sends such an order.</exception>
    public static void Check(AdvanceOrder order)
    {
        if (order.Epoch < 1 || order.Attempt < 0 || order.Round < 1 || order.Version < 0 || order.Version >= order.Round
            || order.Change.Longer < 0 || order.Change.Smaller < 0)
        {
            throw new MalformedMessageException(
                $"{order} is no order; expected an epoch and a round from 1, an attempt from 0, and a "
                    + "version below the round.");
        }
    }

    /// <exception cref="MalformedMessageException">No server sends such an order.</exception>
    public static void Check(RewindOrder order)
    {
        if (order.Epoch < 1 || order.Attempt < 0 || order.Round < 0)
        {
            throw new MalformedMessageException(
                $"{order} is no order; expected an epoch from 1, an attempt and a round from 0.");
        }
    }
}
