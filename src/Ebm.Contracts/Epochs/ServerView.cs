namespace Ebm.Contracts.Epochs;

/// <summary>What a parameter server is at, for people who look.</summary>
/// <param name="Epoch">Its epoch; 0 where it has never worked.</param>
/// <param name="Places">The silo that each shard last answered from, by shard; empty where it has not answered
/// yet.</param>
/// <param name="Rounds">Where the time of the latest rounds went, in order; the last ones may still be at work.</param>
[GenerateSerializer, Immutable, Alias("ebm.ServerView")]
public sealed record ServerView(
    [property: Id(0)] long Epoch,
    [property: Id(1)] IReadOnlyList<string> Places,
    [property: Id(2)] IReadOnlyList<RoundTimes> Rounds);
