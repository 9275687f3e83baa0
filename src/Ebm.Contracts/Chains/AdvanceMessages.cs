using System.Text.Json.Serialization;
using Ebm.Contracts.Epochs;
using Ebm.Core.Sampling;

namespace Ebm.Contracts.Chains;

/// <summary>A shard's answers to an order.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<AdvanceOutcome>))]
internal enum AdvanceOutcome
{
    /// <summary>The work continues; ask again.</summary>
    Working,

    /// <summary>The round is done; the negatives are in the reply, or have to be fetched.</summary>
    Done,

    /// <summary>The shard is at a later round, or was rewound.</summary>
    Superseded,

    /// <summary>The round is not the next one: the server has to rewind.</summary>
    Gap,

    /// <summary>The order is of a parameter server that was replaced.</summary>
    StaleEpoch,

    /// <summary>The round cannot be computed; <see cref="AdvanceReply.Problem"/> has the error.</summary>
    Failed,
}

/// <summary>The answer to an order.</summary>
[GenerateSerializer, Immutable, Alias("ebm.AdvanceReply")]
internal sealed record AdvanceReply
{
    /// <summary>The outcome.</summary>
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

    /// <summary>The encoded negatives if they fit in one piece, else empty.</summary>
    [Id(4)]
    public ByteBlock Negatives { get; init; }

    /// <summary>Number of pieces of the negatives.</summary>
    [Id(5)]
    public int Pieces { get; init; }

    /// <summary>Metrics of the shard's chains.</summary>
    [Id(6)]
    public ChainMetrics Figures { get; init; }

    /// <summary>With <see cref="AdvanceOutcome.Failed"/>: the error, for the user.</summary>
    [Id(7)]
    public string? Problem { get; init; }

    /// <summary>Address of the silo that the shard is on.</summary>
    [Id(8)]
    public string Silo { get; init; } = "";

    /// <summary>The shard's own times.</summary>
    [Id(9)]
    public ShardSeconds Work { get; init; }
}

/// <summary>A piece of a round's negatives.</summary>
/// <param name="Found">Whether this is the shard's last round, and it has this piece.</param>
/// <param name="Bytes">The piece, at most <see cref="ByteBlock.Limit"/> bytes.</param>
[GenerateSerializer, Immutable, Alias("ebm.NegativesPiece")]
internal sealed record NegativesPiece([property: Id(0)] bool Found, [property: Id(1)] ByteBlock Bytes);

/// <summary>The answer to a rewind.</summary>
/// <param name="Accepted">Whether the shard was rewound.</param>
/// <param name="Epoch">The epoch that the shard obeys.</param>
/// <param name="Problem">The error, where it could not be; else null.</param>
[GenerateSerializer, Immutable, Alias("ebm.RewindReply")]
internal sealed record RewindReply(
    [property: Id(0)] bool Accepted, [property: Id(1)] long Epoch, [property: Id(2)] string? Problem);
