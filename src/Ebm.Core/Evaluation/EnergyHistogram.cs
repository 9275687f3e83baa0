using static TorchSharp.torch;

namespace Ebm.Core.Evaluation;

/// <summary>Counts of energies in bins of equal width.</summary>
/// <param name="Low">Lower edge of the first bin.</param>
/// <param name="High">Upper edge of the last bin, which it includes.</param>
/// <param name="Counts">Energies in each bin.</param>
/// <param name="Outside">Finite energies below the first or above the last bin.</param>
/// <param name="NonFinite">Energies that are not finite: in no bin.</param>
internal sealed record EnergyHistogram(
    double Low, double High, IReadOnlyList<long> Counts, long Outside, long NonFinite)
{
    /// <summary>Sorts <paramref name="energies"/>, of any shape, into <paramref name="bins"/> bins.</summary>
    public static EnergyHistogram Of(Tensor energies, double low, double high, int bins)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bins, 1);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(high, low);
        using var scope = NewDisposeScope();
        var counts = new long[bins];
        var (outside, nonFinite) = (0L, 0L);
        foreach (var energy in energies.detach().to_type(ScalarType.Float64).cpu().reshape(-1).data<double>())
        {
            if (!double.IsFinite(energy))
            {
                nonFinite++;
            }
            else if (energy < low || energy > high)
            {
                outside++;
            }
            else
            {
                counts[Math.Min(bins - 1, (int)((energy - low) / (high - low) * bins))]++;
            }
        }

        return new EnergyHistogram(low, high, counts, outside, nonFinite);
    }

    /// <summary>The range of all finite energies in the tensors: common bins for data and negatives.</summary>
    public static (double Low, double High) Range(params IReadOnlyList<Tensor> energies)
    {
        using var scope = NewDisposeScope();
        var all = cat([.. energies.Select(e => e.detach().to_type(ScalarType.Float64).cpu().reshape(-1))]);
        var finite = all.masked_select(all.isfinite());
        if (finite.numel() == 0)
        {
            return (0, 1);
        }

        var (low, high) = (finite.min().item<double>(), finite.max().item<double>());
        return low < high ? (low, high) : (low - 0.5, high + 0.5);
    }
}
