namespace Ebm.Contracts.Epochs;

/// <summary>The stages of a parameter server's round, in order.</summary>
internal enum RoundStage
{
    /// <summary>Sends orders, and queues the positive phase on the lanes.</summary>
    Ask,

    /// <summary>Waits for negatives.</summary>
    Wait,

    /// <summary>Computes the gradient and the step.</summary>
    Update,

    /// <summary>Publishes the new version.</summary>
    Publish,

    /// <summary>Writes samples and plots.</summary>
    Pictures,

    /// <summary>Writes a checkpoint.</summary>
    Checkpoint,

    /// <summary>Evaluates, or starts an evaluation.</summary>
    Evaluate,

    /// <summary>Sends events to the run.</summary>
    Report,
}

/// <summary>The times of a stage of a round, in seconds since the parameter server's epoch was created.</summary>
[GenerateSerializer, Immutable, Alias("ebm.PartTimes")]
internal readonly record struct StageTimes(
    [property: Id(0)] RoundStage Part, [property: Id(1)] double From, [property: Id(2)] double To);

/// <summary>
/// A shard's share of a round: when it was asked, when its negatives arrived, and how long it worked on them.
/// </summary>
/// <param name="Shard">Its number.</param>
/// <param name="Asked">When it was asked, in seconds since the parameter server's epoch was created.</param>
/// <param name="Arrived">When its negatives arrived, in the same seconds.</param>
/// <param name="Work">The shard's own times.</param>
[GenerateSerializer, Immutable, Alias("ebm.ShardTimes")]
internal readonly record struct ShardTimes(
    [property: Id(0)] int Shard,
    [property: Id(1)] double Asked,
    [property: Id(2)] double Arrived,
    [property: Id(3)] ShardSeconds Work);

/// <summary>A shard's own times of a round, in seconds; zero where it answered from its record.</summary>
/// <param name="Sample">Time for its chains.</param>
/// <param name="Commit">Time for the store.</param>
[GenerateSerializer, Immutable, Alias("ebm.ShardSeconds")]
internal readonly record struct ShardSeconds([property: Id(0)] double Sample, [property: Id(1)] double Commit);

/// <summary>The times of a round.</summary>
/// <param name="Round">The round.</param>
/// <param name="Parts">The server's stages, in order.</param>
/// <param name="Shards">The shards, by arrival.</param>
[GenerateSerializer, Immutable, Alias("ebm.RoundTimes")]
internal sealed record RoundTimes(
    [property: Id(0)] long Round,
    [property: Id(1)] IReadOnlyList<StageTimes> Parts,
    [property: Id(2)] IReadOnlyList<ShardTimes> Shards);
