using Ebm.Core.Diagnostics;

namespace Ebm.Silo.Pages;

/// <summary>Figures over rounds as columns of equal length, as a chart takes them.</summary>
internal sealed record Curves(
    IEnumerable<long> Round,
    IEnumerable<double> EnergyData,
    IEnumerable<double> EnergyNegatives,
    IEnumerable<double> MedianGap,
    IEnumerable<double> GradientNorm,
    IEnumerable<double?> Acceptance)
{
    public static Curves Of(IReadOnlyList<RoundMetrics> points) => new(
        points.Select(p => p.Round),
        points.Select(p => p.EnergyData),
        points.Select(p => p.EnergyNegatives),
        points.Select(p => p.MedianGap),
        points.Select(p => p.GradientNorm),
        points.Select(p => p.Acceptance));
}
