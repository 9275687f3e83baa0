namespace Ebm.Contracts.Epochs;

/// <summary>What a parameter server does in a round, one after the other.</summary>
public enum RoundStage
{
    /// <summary>Sends orders, and gives the data's gradient to the lanes.</summary>
    Ask,

    /// <summary>Waits for negatives.</summary>
    Wait,

    /// <summary>Computes the gradient and the step.</summary>
    Update,

    /// <summary>Puts the new version on offer.</summary>
    Publish,

    /// <summary>Draws samples and histograms.</summary>
    Pictures,

    /// <summary>Writes a checkpoint.</summary>
    Checkpoint,

    /// <summary>Evaluates where that is due.</summary>
    Evaluate,

    /// <summary>Tells the run.</summary>
    Report,
}

/// <summary>A part of a round, in seconds since the parameter server began.</summary>
[GenerateSerializer, Immutable, Alias("ebm.PartTimes")]
public readonly record struct StageTimes(
    [property: Id(0)] RoundStage Part, [property: Id(1)] double From, [property: Id(2)] double To);

/// <summary>
/// A shard's share of a round: when it was asked, when its negatives arrived, and how long it worked on them.
/// </summary>
/// <param name="Shard">Its number.</param>
/// <param name="Asked">Seconds since the parameter server began.</param>
/// <param name="Arrived">The same.</param>
/// <param name="Work">What the shard spent on it.</param>
[GenerateSerializer, Immutable, Alias("ebm.ShardTimes")]
public readonly record struct ShardTimes(
    [property: Id(0)] int Shard, [property: Id(1)] double Asked, [property: Id(2)] double Arrived,
    [property: Id(3)] ShardSeconds Work);

/// <summary>
/// What a shard spent on a round, in seconds of its own clock; zero where it answered from its record.
/// </summary>
/// <param name="Sample">On its chains.</param>
/// <param name="Commit">On the store.</param>
[GenerateSerializer, Immutable, Alias("ebm.ShardSeconds")]
public readonly record struct ShardSeconds([property: Id(0)] double Sample, [property: Id(1)] double Commit);

/// <summary>Where the time of a round went.</summary>
/// <param name="Round">The round.</param>
/// <param name="Parts">What the server did, in order.</param>
/// <param name="Shards">What the shards did, by arrival.</param>
[GenerateSerializer, Immutable, Alias("ebm.RoundTimes")]
public sealed record RoundTimes(
    [property: Id(0)] long Round, [property: Id(1)] IReadOnlyList<StageTimes> Parts,
    [property: Id(2)] IReadOnlyList<ShardTimes> Shards);
