using Ebm.Core.Recovery;

namespace Ebm.Core.Rounds;

/// <summary>Where a parameter server stands; everything that its decisions depend on besides the plan.</summary>
/// <param name="Epoch">Its epoch: one instance of the protocol, one epoch.</param>
/// <param name="Attempt">The run's attempt.</param>
/// <param name="AttemptBase">Version that the attempt started from.</param>
/// <param name="Restored">Version that this epoch started from: a checkpoint of it exists.</param>
/// <param name="Applied">Newest version.</param>
/// <param name="Asked">Newest round that shards were asked for.</param>
/// <param name="Stop">Round after which the run was told to stop.</param>
/// <param name="Change">How the attempt's sampler differs from the spec's.</param>
/// <param name="Outcome">Newest evaluated round whose outcome is known.</param>
/// <param name="Ends">Whether it was an outcome that told the run to stop.</param>
public sealed record ServerState(
    long Epoch, int Attempt, long AttemptBase, long Restored, long Applied, long Asked, long? Stop,
    SamplerChange Change,
    long Outcome, bool Ends);

/// <summary>
/// The parameter server's side of a round: says which round may be asked from which version, and when a version can be
/// made. Holds no data and does no work. A server that takes over, and one that rewinds its shards for whatever reason
/// (a gap, a checksum, a rollback), starts a new instance under a new epoch.
/// </summary>
public sealed class ServerProtocol
{
    private readonly bool[] _rewound;

    // Of the asked round; all rounds below it are complete.
    private readonly bool[] _arrived;

    private ServerProtocol(RoundPlan plan, ServerState state)
    {
        (Plan, State) = (plan, state);
        _rewound = new bool[plan.Shards];
        _arrived = Enumerable.Repeat(true, plan.Shards).ToArray();
    }

    /// <summary>What the spec says.</summary>
    public RoundPlan Plan { get; }

    /// <summary>Where the server stands.</summary>
    public ServerState State { get; private set; }

    /// <summary>Goes on from a checkpoint (or from version 0) under a new epoch.</summary>
    public static ServerProtocol Start(
        RoundPlan plan, long epoch, int attempt, long attemptBase, long restored, SamplerChange change = default) =>
        new(plan, new ServerState(
            epoch, attempt, attemptBase, restored, restored, restored, null, change,
            plan.Outcomes.DueBefore(restored - 1, attemptBase) ?? 0, false));

    /// <summary>What every shard has to do before it is asked for a round.</summary>
    public RewindOrder Rewind => new(State.Epoch, State.Attempt, State.Restored);

    /// <summary>Shards that have not answered the rewind.</summary>
    public IEnumerable<int> ToRewind => Missing(_rewound);

    /// <summary>A shard answered the rewind of an epoch; false if that is not this one's.</summary>
    public bool OnRewound(int shard, long epoch)
    {
        var accepted = epoch == State.Epoch;
        _rewound[shard] |= accepted;
        return accepted;
    }

    /// <summary>
    /// The order of the next round, to be sent to every shard, or null while it may not be asked: all negatives of the
    /// round before have arrived (so that slots still hold what may have to be asked for again), the version that it
    /// samples from exists, the outcomes that act by then are known, and the run goes that far.
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
    /// The order that is out, to send it again to <see cref="ToAdvance"/>; null when all have answered it.
    /// </summary>
    public AdvanceOrder? Outstanding => _arrived.Contains(false) ? OrderOf(State.Asked) : null;

    /// <summary>Shards whose negatives of the outstanding order have not arrived.</summary>
    public IEnumerable<int> ToAdvance => Missing(_arrived);

    /// <summary>
    /// Negatives arrived that answer <paramref name="order"/>. False if they are not wanted: of another epoch, attempt,
    /// round or version, or here already.
    /// </summary>
    public bool OnNegatives(int shard, AdvanceOrder order)
    {
        if (order != OrderOf(State.Asked) || _arrived[shard])
        {
            return false;
        }

        _arrived[shard] = true;
        return true;
    }

    /// <summary>Whether all negatives of the round after the newest version are here.</summary>
    public bool ReadyToUpdate =>
        State.Asked > State.Applied + 1 || (State.Asked == State.Applied + 1 && Outstanding is null);

    /// <summary>The next version was made.</summary>
    public void OnApplied(long version)
    {
        if (!ReadyToUpdate || version != State.Applied + 1)
        {
            throw new InvalidOperationException(
                $"Version {version} cannot follow {State.Applied} with round {State.Asked} asked: "
                    + "a round is applied once, in order, and with all its negatives.");
        }

        State = State with { Applied = version };
    }

    /// <summary>
    /// The outcome of an evaluated round is known; with <paramref name="ends"/> the run ends at the round at which it
    /// acts. Outcomes come in the order of their rounds.
    /// </summary>
    public void OnOutcome(long round, bool ends)
    {
        if (round <= State.Outcome)
        {
            throw new InvalidOperationException(
                $"The outcome of round {round} comes after that of round {State.Outcome}.");
        }

        State = State with { Outcome = round };
        var acts = round + Plan.Outcomes.Delay;
        if (ends && acts <= Until)
        {
            State = State with { Stop = acts, Ends = true };
        }
    }

    /// <summary>
    /// Stops the run at the first round that can still be made a checkpoint: the next one that was not asked for,
    /// because shards copy their slots in its commit. Where nothing was done since the last checkpoint, at once. Saying
    /// it again changes nothing.
    /// </summary>
    /// <returns>The round after which the run ends.</returns>
    public long RequestStop()
    {
        var idle = State.Asked == State.Applied && (State.Applied == State.Restored || Plan.IsScheduled(State.Applied));
        State = State with { Stop = State.Stop ?? (idle ? State.Applied : Math.Min(State.Asked + 1, Plan.Rounds)) };
        return State.Stop.Value;
    }

    /// <summary>
    /// The evaluated round whose outcome is all that the next order waits for; null while anything else is to be done.
    /// </summary>
    public long? AwaitedOutcome =>
        State.Asked == State.Applied && State.Asked < Until && WaitsForOutcome(State.Asked + 1)
        ? Plan.Outcomes.DueBefore(State.Asked + 1, State.AttemptBase)
        : null;

    /// <summary>Whether an outcome has ended the run, and all rounds up to there are applied.</summary>
    public bool IsEndedByOutcome => State.Ends && State.Applied == State.Stop;

    /// <summary>Whether a version gets a checkpoint: where the spec says so, and where the run stops.</summary>
    public bool IsCheckpoint(long version) => Plan.IsScheduled(version) || version == State.Stop;

    /// <summary>
    /// The oldest version that an order may still name, or that a checkpoint of the newest version holds; older ones
    /// may be forgotten.
    /// </summary>
    public long OldestVersionNeeded => Plan.OldestIn(State.Applied, State.AttemptBase);

    /// <summary>Whether the last round, or the one to stop at, is applied.</summary>
    public bool IsFinished => State.Applied >= Until;

    private long Until => State.Stop ?? Plan.Rounds;

    /// <summary>A round that a user stops at is asked for without it: whoever goes on from there waits.</summary>
    private bool WaitsForOutcome(long round) =>
        round != State.Stop && Plan.Outcomes.DueBefore(round, State.AttemptBase) > State.Outcome;

    private AdvanceOrder OrderOf(long round) => new(
        State.Epoch, State.Attempt, round, Plan.VersionFor(round, State.AttemptBase), IsCheckpoint(round),
        State.Change);

    private static IEnumerable<int> Missing(bool[] answered) =>
        Enumerable.Range(0, answered.Length).Where(shard => !answered[shard]);
}
