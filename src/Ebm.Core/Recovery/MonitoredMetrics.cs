using Ebm.Core.Diagnostics;

namespace Ebm.Core.Recovery;

/// <summary>
/// The figures of a round as the watch sees them: a row of numbers without units, NaN where there is none.
/// </summary>
internal static class MonitoredMetrics
{
    public const int Lead = 0, Gap = 1, EnergySpread = 2, Gradient = 3, Parameters = 4, StateGradient = 5,
        Acceptance = 6;

    /// <summary>Numbers in a row.</summary>
    public const int Count = 7;

    /// <summary>Columns whose growth is watched, with their names.</summary>
    public static IReadOnlyList<(int Column, string Name, ViolationKind Kind)> Growing { get; } =
    [
        (EnergySpread, "the energies' spread", ViolationKind.EnergyGrowth),
        (StateGradient, "the norm of dE/dx", ViolationKind.EnergyGrowth),
        (Gradient, "the gradient's norm", ViolationKind.Growth),
        (Parameters, "the parameters' norm", ViolationKind.Growth),
    ];

    /// <summary>The row of a round.</summary>
    /// <param name="figures">Its figures.</param>
    /// <param name="features">Numbers in a state: energies of independent features spread by the root of it.</param>
    public static double[] Of(RoundMetrics figures, int features)
    {
        var (data, negatives) = (figures.EnergySpreadData, figures.EnergySpreadNegatives);
        var pooled = Math.Sqrt((data * data + negatives * negatives) / 2);
        var root = Math.Sqrt(features);
        return
        [
            pooled > 0 ? figures.MedianGap / pooled : 0,
            figures.MedianGap / root,
            Math.Max(data, negatives) / root,
            figures.GradientNorm,
            figures.ParameterNorm,
            figures.StateGradientNorm ?? double.NaN,
            figures.Acceptance ?? double.NaN,
        ];
    }
}
