namespace Ebm.Contracts.Runs;

/// <summary>What the stores hold of a run.</summary>
/// <param name="Checkpoints">Its checkpoints, the newest first.</param>
/// <param name="Storage">What it takes up.</param>
/// <param name="Samples">The latest samples, where they are lines of text.</param>
[GenerateSerializer, Immutable, Alias("ebm.RunDetails")]
internal sealed record RunDetails(
    [property: Id(0)] IReadOnlyList<CheckpointInfo> Checkpoints, [property: Id(1)] RunStorage Storage,
    [property: Id(2)] string? Samples = null);

/// <summary>A checkpoint in brief.</summary>
[GenerateSerializer, Immutable, Alias("ebm.CheckpointInfo")]
internal sealed record CheckpointInfo(
    [property: Id(0)] int Attempt,
    [property: Id(1)] long Round,
    [property: Id(2)] bool Scheduled,
    [property: Id(3)] string ParametersSha256,
    [property: Id(4)] string StateSha256,
    [property: Id(5)] long Bytes,
    [property: Id(6)] string Numerics);

/// <summary>What a run takes up in the stores.</summary>
/// <param name="Where">What the store is, such as <c>redis</c>.</param>
/// <param name="Bytes">All of it, in bytes of the store's memory or disk.</param>
/// <param name="Shards">Replay slots, by shard; none where chains do not persist.</param>
[GenerateSerializer, Immutable, Alias("ebm.RunStorage")]
internal sealed record RunStorage(
    [property: Id(0)] string Where, [property: Id(1)] long Bytes, [property: Id(2)] IReadOnlyList<ShardStorage> Shards);

/// <summary>The replay slots of a shard as they are stored.</summary>
/// <param name="Shard">Its number.</param>
/// <param name="Slots">Number of slots.</param>
/// <param name="Bytes">Bytes they take.</param>
/// <param name="Round">The round that last wrote.</param>
/// <param name="Written">When that was.</param>
/// <param name="Reinitialised">Share of that round's chains that started afresh.</param>
[GenerateSerializer, Immutable, Alias("ebm.ShardStorage")]
internal sealed record ShardStorage(
    [property: Id(0)] int Shard,
    [property: Id(1)] long Slots,
    [property: Id(2)] long Bytes,
    [property: Id(3)] long Round,
    [property: Id(4)] DateTimeOffset Written,
    [property: Id(5)] double Reinitialised);
