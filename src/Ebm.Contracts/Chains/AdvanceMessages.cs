using Ebm.Contracts.Epochs;
using Ebm.Core.Sampling;

namespace Ebm.Contracts.Chains;

/// <summary>What a shard says to an order.</summary>
public enum AdvanceOutcome
{
    /// <summary>The work goes on; ask again.</summary>
    Working,

    /// <summary>The round is done; its negatives follow or are to be fetched.</summary>
    Done,

    /// <summary>The shard is past that round.</summary>
    Superseded,

    /// <summary>The round is not the next one: the server has to rewind.</summary>
    Gap,

    /// <summary>The order comes from a parameter server that was replaced.</summary>
    StaleEpoch,

    /// <summary>The round cannot be computed; the reason is in <see cref="AdvanceReply.Problem"/>.</summary>
    Failed,
}

/// <summary>The answer to an order.</summary>
[GenerateSerializer, Immutable, Alias("ebm.AdvanceReply")]
public sealed record AdvanceReply
{
    /// <summary>What came of it.</summary>
    [Id(0)]
    public required AdvanceOutcome Outcome { get; init; }

    /// <summary>The last round that the shard committed.</summary>
    [Id(1)]
    public long LastRound { get; init; }

    /// <summary>The epoch that the shard obeys.</summary>
    [Id(2)]
    public long Epoch { get; init; }

    /// <summary>The version that the negatives were sampled from.</summary>
    [Id(3)]
    public long Version { get; init; }

    /// <summary>The encoded negatives where they fit in one piece, else empty.</summary>
    [Id(4)]
    public ByteBlock Negatives { get; init; }

    /// <summary>Number of pieces that the negatives come in.</summary>
    [Id(5)]
    public int Pieces { get; init; }

    /// <summary>Figures of the shard's round.</summary>
    [Id(6)]
    public ChainMetrics Figures { get; init; }

    /// <summary>With <see cref="AdvanceOutcome.Failed"/>: what was wrong, for the user.</summary>
    [Id(7)]
    public string? Problem { get; init; }

    /// <summary>Address of the silo that the shard is on.</summary>
    [Id(8)]
    public string Silo { get; init; } = "";

    /// <summary>What the shard spent on the round.</summary>
    [Id(9)]
    public ShardSeconds Work { get; init; }
}

/// <summary>A piece of a round's negatives.</summary>
[GenerateSerializer, Immutable, Alias("ebm.NegativesPiece")]
public sealed record NegativesPiece([property: Id(0)] bool Found, [property: Id(1)] ByteBlock Bytes);

/// <summary>The answer to a rewind.</summary>
[GenerateSerializer, Immutable, Alias("ebm.RewindReply")]
public sealed record RewindReply(
    [property: Id(0)] bool Accepted, [property: Id(1)] long Epoch, [property: Id(2)] string? Problem);
