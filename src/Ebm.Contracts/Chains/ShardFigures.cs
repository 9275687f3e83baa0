namespace Ebm.Contracts.Chains;

/// <summary>What a shard's round was like: sums over its chains, so that they add up over shards.</summary>
/// <param name="Chains">Number of chains.</param>
/// <param name="Acceptance">Sum of acceptance rates; NaN where the kernel has none.</param>
/// <param name="GradientNorm">Sum of mean norms of dE/dx; NaN where the kernel has none.</param>
/// <param name="Reinitialised">Chains that started afresh.</param>
/// <param name="NonFinite">Chains whose state is not finite.</param>
[GenerateSerializer, Immutable, Alias("ebm.ShardFigures")]
public readonly record struct ShardFigures(
    [property: Id(0)] int Chains,
    [property: Id(1)] double Acceptance,
    [property: Id(2)] double GradientNorm,
    [property: Id(3)] int Reinitialised,
    [property: Id(4)] int NonFinite)
{
    /// <summary>Sums of both, in this order.</summary>
    public static ShardFigures operator +(ShardFigures a, ShardFigures b) => new(
        a.Chains + b.Chains,
        a.Acceptance + b.Acceptance,
        a.GradientNorm + b.GradientNorm,
        a.Reinitialised + b.Reinitialised,
        a.NonFinite + b.NonFinite);
}
