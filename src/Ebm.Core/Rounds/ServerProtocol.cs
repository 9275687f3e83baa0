using Ebm.Core.Recovery;

namespace Ebm.Core.Rounds;

/// <summary>State of the parameter server's protocol. With the plan it determines all decisions.</summary>
/// <param name="Epoch">The server's epoch; one instance of the protocol per epoch.</param>
/// <param name="Attempt">The run's attempt.</param>
/// <param name="AttemptBase">Version that the attempt started from.</param>
/// <param name="Restored">Version that this epoch started from; a checkpoint of it exists.</param>
/// <param name="Applied">Newest version: rounds that were applied.</param>
/// <param name="Asked">Newest round that shards were ordered to sample.</param>
/// <param name="Stop">Round after which the run stops.</param>
/// <param name="Change">Change of the attempt's sampler.</param>
/// <param name="Outcome">Newest evaluated round whose outcome is known.</param>
/// <param name="Ends">Whether an outcome ended the run.</param>
internal sealed record ServerState(
    long Epoch, int Attempt, long AttemptBase, long Restored, long Applied, long Asked, long? Stop,
    SamplerChange Change, long Outcome, bool Ends);

/// <summary>
/// The parameter server's side of a round: decides which round is sampled from which version, and when a version is
/// complete. Pure: it holds no data and does no work. A server that takes over, or that rewinds its shards (after a
/// gap, a checksum error or a rollback), starts a new instance in a new epoch.
/// </summary>
internal sealed class ServerProtocol
{
    private readonly bool[] _rewound;

    // By shard, of the ordered round; all earlier rounds are complete.
    private readonly bool[] _arrived;

    private ServerProtocol(RoundPlan plan, ServerState state)
    {
        (Plan, State) = (plan, state);
        _rewound = new bool[plan.Shards];
        _arrived = Enumerable.Repeat(true, plan.Shards).ToArray();
    }

    /// <summary>The plan of the run's rounds.</summary>
    public RoundPlan Plan { get; }

    /// <summary>The current state.</summary>
    public ServerState State { get; private set; }

    /// <summary>Starts from a checkpoint (or from version 0) in a new epoch.</summary>
    public static ServerProtocol Start(
        RoundPlan plan, long epoch, int attempt, long attemptBase, long restored, SamplerChange change = default) =>
        new(plan, new ServerState(
            epoch, attempt, attemptBase, restored, restored, restored, null, change,
            plan.Outcomes.DueBefore(restored - 1, attemptBase) ?? 0, false));

    /// <summary>The order that every shard must confirm before its first round.</summary>
    public RewindOrder Rewind => new(State.Epoch, State.Attempt, State.Restored);

    /// <summary>Shards that have not confirmed the rewind.</summary>
    public IEnumerable<int> ToRewind => Missing(_rewound);

    /// <summary>Records that a shard confirmed the rewind of an epoch.</summary>
    public bool OnRewound(int shard, long epoch)
    {
        var accepted = epoch == State.Epoch;
        _rewound[shard] |= accepted;
        return accepted;
    }

    /// <summary>
    /// The order of the next round for every shard, or null while one condition is unmet: all negatives of the previous
    /// round have arrived (so slots still hold the data of a repeated order), the version to sample from exists, the
    /// outcomes that act by then are known, and the run has that many rounds.
    /// </summary>
    public AdvanceOrder? NextOrder()
    {
        var round = State.Asked + 1;
        if (round > Until || _rewound.Contains(false) || _arrived.Contains(false)
            || Plan.VersionFor(round, State.AttemptBase) > State.Applied || WaitsForOutcome(round))
        {
            return null;
        }

        State = State with { Asked = round };
        Array.Clear(_arrived);
        return OrderOf(round);
    }

    /// <summary>
    /// The unanswered order, to be sent again to <see cref="ToAdvance"/>; null after all shards have answered.
    /// </summary>
    public AdvanceOrder? Outstanding => _arrived.Contains(false) ? OrderOf(State.Asked) : null;

    /// <summary>Shards whose negatives of the outstanding order have not arrived.</summary>
    public IEnumerable<int> ToAdvance => Missing(_arrived);

    /// <summary>Records the arrival of negatives for <paramref name="order"/>.</summary>
    public bool OnNegatives(int shard, AdvanceOrder order)
    {
        if (order != OrderOf(State.Asked) || _arrived[shard])
        {
            return false;
        }

        _arrived[shard] = true;
        return true;
    }

    /// <summary>Whether all negatives of the round after the newest version have arrived.</summary>
    public bool ReadyToUpdate =>
        State.Asked > State.Applied + 1 || (State.Asked == State.Applied + 1 && Outstanding is null);

    /// <summary>Records that a version was applied.</summary>
    public void OnApplied(long version)
    {
        if (!ReadyToUpdate || version != State.Applied + 1)
        {
            throw new InvalidOperationException(
                $"Version {version} cannot follow version {State.Applied} (newest ordered round: {State.Asked}). "
                + "Apply each round once, in order, after all its negatives have arrived.");
        }

        State = State with { Applied = version };
    }

    /// <summary>
    /// Records the outcome of an evaluated round. With <paramref name="ends"/> the run ends at the round at which the
    /// outcome acts. Outcomes arrive in the order of their rounds.
    /// </summary>
    public void OnOutcome(long round, bool ends)
    {
        if (round <= State.Outcome)
        {
            throw new InvalidOperationException(
                $"Outcome of round {round} is out of order: the outcome of round {State.Outcome} is already recorded.");
        }

        State = State with { Outcome = round };
        var acts = round + Plan.Outcomes.Delay;
        if (ends && acts <= Until)
        {
            State = State with { Stop = acts, Ends = true };
        }
    }

    /// <summary>
    /// Stops the run at the first round that can still get a checkpoint: the next one to be ordered, because shards
    /// copy their slots in its commit. If the newest version has a checkpoint and no round is in progress, the run
    /// stops at once. Idempotent.
    /// </summary>
    /// <returns>The round after which the run ends.</returns>
    public long RequestStop()
    {
        var idle = State.Asked == State.Applied && (State.Applied == State.Restored || Plan.IsScheduled(State.Applied));
        State = State with { Stop = State.Stop ?? (idle ? State.Applied : Math.Min(State.Asked + 1, Plan.Rounds)) };
        return State.Stop.Value;
    }

    /// <summary>
    /// The evaluated round whose outcome is the only thing that the next order waits for; null otherwise.
    /// </summary>
    public long? AwaitedOutcome =>
        State.Asked == State.Applied && State.Asked < Until && WaitsForOutcome(State.Asked + 1)
        ? Plan.Outcomes.DueBefore(State.Asked + 1, State.AttemptBase)
        : null;

    /// <summary>Whether an outcome has ended the run, and its last round is applied.</summary>
    public bool IsEndedByOutcome => State.Ends && State.Applied == State.Stop;

    /// <summary>Whether a version gets a checkpoint: if scheduled, or if the run stops there.</summary>
    public bool IsCheckpoint(long version) => Plan.IsScheduled(version) || version == State.Stop;

    /// <summary>
    /// The oldest version that a future order may name, or that a checkpoint of the newest version holds. Older
    /// versions can be deleted.
    /// </summary>
    public long OldestVersionNeeded => Plan.OldestIn(State.Applied, State.AttemptBase);

    /// <summary>Whether the last round, or the one to stop at, is applied.</summary>
    public bool IsFinished => State.Applied >= Until;

    private long Until => State.Stop ?? Plan.Rounds;

    /// <summary>The round that a user stops at does not wait; a run that resumes from it does.</summary>
    private bool WaitsForOutcome(long round) =>
        round != State.Stop && Plan.Outcomes.DueBefore(round, State.AttemptBase) > State.Outcome;

    private AdvanceOrder OrderOf(long round) => new(
        State.Epoch, State.Attempt, round, Plan.VersionFor(round, State.AttemptBase), IsCheckpoint(round),
        State.Change);

    private static IEnumerable<int> Missing(bool[] answered) =>
        Enumerable.Range(0, answered.Length).Where(shard => !answered[shard]);
}
