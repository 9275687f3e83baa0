namespace Ebm.Contracts.Epochs;

/// <summary>A snapshot of a parameter server, for monitoring.</summary>
/// <param name="Epoch">Its epoch; 0 where it has had none.</param>
/// <param name="Places">
/// The silo that each shard last answered from, by shard; empty where it has not answered yet.
/// </param>
/// <param name="Rounds">The times of the latest rounds, in order; the last ones may still be running.</param>
[GenerateSerializer, Immutable, Alias("ebm.ServerView")]
internal sealed record ServerView(
    [property: Id(0)] long Epoch,
    [property: Id(1)] IReadOnlyList<string> Places,
    [property: Id(2)] IReadOnlyList<RoundTimes> Rounds);
