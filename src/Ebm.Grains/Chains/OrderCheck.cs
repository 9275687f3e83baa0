using Ebm.Contracts;
using Ebm.Core.Rounds;

namespace Ebm.Grains.Chains;

/// <summary>Refuses malformed orders. The protocol decides on order and epoch of the others.</summary>
internal static class OrderCheck
{
    /// <exception cref="MalformedMessageException">A number is out of range.</exception>
    public static void Check(AdvanceOrder order)
    {
        if (order.Epoch < 1 || order.Attempt < 0 || order.Round < 1 || order.Version < 0 || order.Version >= order.Round
            || order.Change.Longer < 0 || order.Change.Smaller < 0)
        {
            throw new MalformedMessageException(
                $"invalid order {order}: require epoch >= 1, attempt >= 0, round >= 1, 0 <= version < round and no "
                + "negative change.");
        }
    }

    /// <exception cref="MalformedMessageException">A number is out of range.</exception>
    public static void Check(RewindOrder order)
    {
        if (order.Epoch < 1 || order.Attempt < 0 || order.Round < 0)
        {
            throw new MalformedMessageException(
                $"invalid order {order}: require epoch >= 1, attempt >= 0, round >= 0.");
        }
    }
}
