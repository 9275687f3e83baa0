using System.Runtime.ExceptionServices;
using Ebm.Core.Rounds;
using Ebm.Grains.Shards;

namespace Ebm.Grains.Epochs;

/// <summary>News for the loop of an epoch, from work that runs beside it.</summary>
internal abstract record EpochMessage
{
    private EpochMessage()
    {
    }

    /// <summary>A shard has computed a round.</summary>
    /// <param name="Order">The order that it answers.</param>
    /// <param name="Negatives">Its negatives.</param>
    public sealed record NegativesArrived(AdvanceOrder Order, ShardNegatives Negatives) : EpochMessage;

    /// <summary>A checkpoint was evaluated.</summary>
    /// <param name="Round">The checkpoint's round.</param>
    /// <param name="EndsRun">Whether the outcome ends the run.</param>
    public sealed record OutcomeKnown(long Round, bool EndsRun) : EpochMessage;

    /// <summary>The epoch has to end at its next round boundary.</summary>
    public sealed record StopRequested : EpochMessage;

    /// <summary>An order or an evaluation failed. The loop throws the error when it next waits.</summary>
    /// <param name="Failure">The error.</param>
    public sealed record WorkFailed(ExceptionDispatchInfo Failure) : EpochMessage;
}
