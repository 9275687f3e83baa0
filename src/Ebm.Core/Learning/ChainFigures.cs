using Ebm.Core.Sampling;

namespace Ebm.Core.Learning;

/// <summary>What the chains of a round report, over one block or over many.</summary>
/// <param name="Chains">Number of chains; the weight of the means.</param>
/// <param name="Acceptance">Mean share of accepted proposals; NaN where the kernel proposes nothing.</param>
/// <param name="GradientNorm">Mean norm of dE/dx; NaN where the kernel computes none.</param>
/// <param name="Reinitialised">Chains that started afresh.</param>
/// <param name="NonFinite">Chains whose state is not finite.</param>
public readonly record struct ChainFigures(
    int Chains, double Acceptance, double GradientNorm, int Reinitialised, int NonFinite)
{
    /// <summary>Of one block.</summary>
    public static ChainFigures Of(int chains, SamplerInfo info, int reinitialised) =>
        new(chains, info.Acceptance, info.GradientNorm, reinitialised, info.NonFinite);

    /// <summary>Both together, for <see cref="BlockTree"/>.</summary>
    public static ChainFigures Add(ChainFigures a, ChainFigures b) => new(
        a.Chains + b.Chains,
        (a.Acceptance * a.Chains + b.Acceptance * b.Chains) / (a.Chains + b.Chains),
        (a.GradientNorm * a.Chains + b.GradientNorm * b.Chains) / (a.Chains + b.Chains),
        a.Reinitialised + b.Reinitialised,
        a.NonFinite + b.NonFinite);
}
