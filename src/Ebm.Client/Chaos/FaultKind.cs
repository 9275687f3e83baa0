namespace Ebm.Client.Chaos;

/// <summary>What a chaos run does to a cluster.</summary>
internal enum FaultKind
{
    /// <summary>Kills (-9) a silo at a point of the protocol.</summary>
    Kill,

    /// <summary>Kills the silo of the parameter server, at a point of its own or at any moment.</summary>
    KillServer,

    /// <summary>Kills a silo that holds run grains.</summary>
    KillControl,

    /// <summary>Kills the parameter server's silo, and another one while shards are being put back.</summary>
    KillInRewind,

    /// <summary>Stops a silo for longer than it takes to be declared dead, and lets it wake up.</summary>
    Pause,

    /// <summary>The same with the parameter server's silo: the writer that wakes up must be fenced.</summary>
    PauseServer,

    /// <summary>Kills Redis, which is started again with its log.</summary>
    RedisRestart,

    /// <summary>Stops Redis for a while.</summary>
    RedisPause,

    /// <summary>Takes Redis away for a minute.</summary>
    RedisAway,

    /// <summary>Kills Redis and takes the last second or two from its log.</summary>
    RedisCut,
}

/// <summary>A fault that is to come.</summary>
/// <param name="Number">Counted from 1.</param>
/// <param name="Kind">What happens.</param>
/// <param name="Point">The point of the protocol, or null for any moment.</param>
/// <param name="Rounds">Rounds to be applied since the last fault before it comes.</param>
/// <param name="Choice">Chooses among the silos that it may happen to.</param>
internal sealed record PlannedFault(int Number, FaultKind Kind, string? Point, int Rounds, uint Choice);

/// <summary>A fault that has come.</summary>
/// <param name="Plan">What was planned.</param>
/// <param name="Target">The process that it happened to.</param>
/// <param name="Kills">Processes that died or were stopped.</param>
/// <param name="Round">The newest round that was known then.</param>
/// <param name="Stalled">Longest time without a round after it, in seconds; null if none came in time.</param>
/// <param name="WasServer">Whether the parameter server was on the target.</param>
/// <param name="Note">What was not as planned, such as a point that was not reached.</param>
internal sealed record InjectedFault(
    PlannedFault Plan, string Target, int Kills, long Round, double? Stalled, bool WasServer, string? Note);
