using Ebm.Core.Diagnostics;

namespace Ebm.Core.Likelihood;

/// <summary>Convergence of the chains at the model: the largest nested R-hat over all traced quantities.</summary>
/// <param name="NestedRHat">The largest nested R-hat.</param>
/// <param name="Quantity">The quantity that it is of: <c>energy</c>, or <c>projection 1</c> to <c>8</c>.</param>
public sealed record ConvergenceCheck(double NestedRHat, string Quantity)
{
    /// <summary>Chains have converged if nested R-hat is below this (Margossian et al. 2024).</summary>
    public const double Threshold = 1.01;

    /// <summary>The check of all chains; <paramref name="copies"/> neighbouring chains have the same start.</summary>
    /// <param name="blocks">Traces of each block, as in <see cref="Equilibration.Traces"/>.</param>
    /// <param name="copies">Chains with the same start.</param>
    public static ConvergenceCheck Of(IReadOnlyList<IReadOnlyList<double[]>> blocks, int copies) => Enumerable
        .Range(0, Equilibration.Quantities)
        .Select(column => new ConvergenceCheck(
            RHat.Nested(Draws(blocks, column), copies),
            column == 0 ? "energy" : FormattableString.Invariant($"projection {column}")))
        .MaxBy(check => double.IsNaN(check.NestedRHat) ? double.PositiveInfinity : check.NestedRHat)!;

    private static ChainDraws Draws(IReadOnlyList<IReadOnlyList<double[]>> blocks, int column)
    {
        double[] values =
        [
            .. from block in blocks
               from chain in Enumerable.Range(0, block[0].Length / Equilibration.Quantities)
               from trace in block
               select trace[(chain * Equilibration.Quantities) + column],
        ];
        return new ChainDraws(values.Length / blocks[0].Count, values);
    }
}
