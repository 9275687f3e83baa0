using Ebm.Core.Diagnostics;

namespace Ebm.Core.Recovery;

/// <summary>
/// The metrics that the divergence detector monitors: a row of dimensionless numbers per round, NaN where a metric is
/// missing.
/// </summary>
internal static class MonitoredMetrics
{
    public const int Lead = 0, Gap = 1, EnergySpread = 2, Gradient = 3;

    public const int Parameters = 4, StateGradient = 5, Acceptance = 6;

    /// <summary>Metrics in a row.</summary>
    public const int Count = 7;

    /// <summary>
    /// Columns whose growth is monitored, and their descriptions, which are part of state digests
    /// (<see cref="LimitViolation.Metric"/>).
    /// </summary>
    public static IReadOnlyList<(int Column, string Name, ViolationKind Kind)> Growing { get; } =
    [
        (EnergySpread, "the energies' spread", ViolationKind.EnergyGrowth),
        (StateGradient, "the norm of dE/dx", ViolationKind.EnergyGrowth),
        (Gradient, "the gradient's norm", ViolationKind.Growth),
        (Parameters, "the parameters' norm", ViolationKind.Growth),
    ];

    /// <summary>The row of a round, [<see cref="Count"/>].</summary>
    /// <param name="metrics">Metrics of the round.</param>
    /// <param name="features">
    /// Number of features: the spread of the energy of independent features grows with its square root.
    /// </param>
    public static double[] Of(RoundMetrics metrics, int features)
    {
        var (data, negatives) = (metrics.EnergySpreadData, metrics.EnergySpreadNegatives);
        var pooled = Math.Sqrt((data * data + negatives * negatives) / 2);
        var root = Math.Sqrt(features);
        return
        [
            pooled > 0 ? metrics.MedianGap / pooled : 0,
            metrics.MedianGap / root,
            Math.Max(data, negatives) / root,
            metrics.GradientNorm,
            metrics.ParameterNorm,
            metrics.StateGradientNorm ?? double.NaN,
            metrics.Acceptance ?? double.NaN,
        ];
    }
}
