using Ebm.Core.Diagnostics;

namespace Ebm.Core.Likelihood;

/// <summary>Whether chains at the model have forgotten where they started: the nested R-hat that is worst.</summary>
/// <param name="NestedRHat">The largest over all figures.</param>
/// <param name="Figure">Which it is of: <c>energy</c>, or <c>projection 1</c> to <c>8</c>.</param>
public sealed record ConvergenceCheck(double NestedRHat, string Figure)
{
    /// <summary>Below it chains count as agreed (Margossian et al. 2024).</summary>
    public const double Threshold = 1.01;

    /// <summary>Of all chains; neighbouring <paramref name="copies"/> started alike.</summary>
    /// <param name="blocks">Looks of each block, as <see cref="Equilibration.Looks"/> has them.</param>
    /// <param name="copies">Chains that started at the same state.</param>
    public static ConvergenceCheck Of(IReadOnlyList<IReadOnlyList<double[]>> blocks, int copies) => Enumerable
        .Range(0, Equilibration.Figures)
        .Select(figure => new ConvergenceCheck(
            RHat.Nested(Draws(blocks, figure), copies),
            figure == 0 ? "energy" : FormattableString.Invariant($"projection {figure}")))
        .MaxBy(a => double.IsNaN(a.NestedRHat) ? double.PositiveInfinity : a.NestedRHat)!;

    private static ChainDraws Draws(IReadOnlyList<IReadOnlyList<double[]>> blocks, int figure)
    {
        double[] values =
        [
            .. from block in blocks
               from chain in Enumerable.Range(0, block[0].Length / Equilibration.Figures)
               from look in block
               select look[(chain * Equilibration.Figures) + figure],
        ];
        return new ChainDraws(values.Length / blocks[0].Count, values);
    }
}
