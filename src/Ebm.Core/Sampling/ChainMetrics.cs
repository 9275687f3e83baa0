namespace Ebm.Core.Sampling;

/// <summary>What the chains of a round report, over one block or over many.</summary>
/// <param name="Chains">Number of chains; the weight of the means.</param>
/// <param name="Acceptance">Mean share of accepted proposals; NaN where the kernel proposes nothing.</param>
/// <param name="GradientNorm">Mean norm of dE/dx; NaN where the kernel computes none.</param>
/// <param name="JumpDistance">Mean squared distance from a chain's first state of the round to its last.</param>
/// <param name="SwapAcceptance">Mean share of accepted exchanges; NaN where the kernel has no replicas.</param>
/// <param name="Reinitialised">Chains that started afresh.</param>
/// <param name="NonFinite">Chains whose state is not finite.</param>
public readonly record struct ChainMetrics(
    int Chains,
    double Acceptance,
    double GradientNorm,
    double JumpDistance,
    double SwapAcceptance,
    int Reinitialised,
    int NonFinite)
{
    /// <summary>Of one block.</summary>
    public static ChainMetrics Of(int chains, SamplerInfo info, int reinitialised) =>
        new(
        chains, info.Acceptance, info.GradientNorm, info.JumpDistance, info.SwapAcceptance, reinitialised,
        info.NonFinite);

    /// <summary>Both together, for <c>BlockTree</c>.</summary>
    public static ChainMetrics Add(ChainMetrics a, ChainMetrics b) => new(
        a.Chains + b.Chains,
        Mean(a, b, f => f.Acceptance),
        Mean(a, b, f => f.GradientNorm),
        Mean(a, b, f => f.JumpDistance),
        Mean(a, b, f => f.SwapAcceptance),
        a.Reinitialised + b.Reinitialised,
        a.NonFinite + b.NonFinite);

    private static double Mean(ChainMetrics a, ChainMetrics b, Func<ChainMetrics, double> of) =>
        (of(a) * a.Chains + of(b) * b.Chains) / (a.Chains + b.Chains);
}
