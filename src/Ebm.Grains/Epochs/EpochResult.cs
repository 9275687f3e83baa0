using Ebm.Contracts.Epochs;
using Ebm.Contracts.Runs;
using Ebm.Core.Recovery;

namespace Ebm.Grains.Epochs;

/// <summary>How an epoch ended. Errors that fail the run are exceptions instead.</summary>
internal abstract record EpochResult
{
    private EpochResult()
    {
    }

    /// <summary>All rounds are applied, or an evaluation ended the run.</summary>
    /// <param name="Result">The result; null without a checkpoint at the end.</param>
    public sealed record Completed(RunResult? Result) : EpochResult;

    /// <summary>The run was stopped at a round boundary.</summary>
    /// <param name="Result">The result so far; null without a checkpoint there.</param>
    public sealed record Stopped(RunResult? Result) : EpochResult;

    /// <summary>This silo stops; a parameter server elsewhere continues from the epoch's last checkpoint.</summary>
    /// <param name="Round">Rounds applied.</param>
    public sealed record HandedOver(long Round) : EpochResult;

    /// <summary>The next epoch rewinds all shards to the newest checkpoint.</summary>
    /// <param name="Cause">The cause.</param>
    /// <param name="Rollbacks">After a rollback: all rollbacks of the run; else null.</param>
    public sealed record Rewind(RewindCause Cause, IReadOnlyList<RollbackRecord>? Rollbacks = null) : EpochResult;

    /// <summary>Training has diverged; the round was not applied.</summary>
    /// <param name="Violation">The violated limit.</param>
    /// <param name="Message">The error, for people.</param>
    public sealed record Diverged(LimitViolation Violation, string Message) : EpochResult;
}
