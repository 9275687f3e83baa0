using Ebm.Core.Native;
using Ebm.Core.Recovery;
using static TorchSharp.torch;

namespace Ebm.Core.Learning;

/// <summary>Metrics of a round's gradient, on the host.</summary>
/// <param name="Norm">Euclidean norm; finite if and only if every element is.</param>
/// <param name="Data">Energies of the data batch.</param>
/// <param name="Negatives">Energies of the negatives.</param>
internal readonly record struct GradientMetrics(double Norm, EnergyMetrics Data, EnergyMetrics Negatives)
{
    public bool IsFinite => double.IsFinite(Norm) && Data.IsFinite && Negatives.IsFinite;

    /// <summary>Computes the metrics on the device; waits for it once.</summary>
    public static GradientMetrics Measure(Tensor gradient, PhaseSum data, PhaseSum negatives)
    {
        using var scope = NewDisposeScope();
        Tensor[] exact = [.. data.Energies.Concat(negatives.Energies).Select(block => block.to(ScalarType.Float64))];
        var all = cat([SquaredNorm(gradient), data.Energy, negatives.Energy, .. exact]);
        double[] values = [.. all.cpu().data<double>()];
        return new GradientMetrics(
            Math.Sqrt(values[0]),
            EnergyMetrics.Of(values[1], values.AsSpan(3, data.Rows)),
            EnergyMetrics.Of(values[2], values.AsSpan(3 + data.Rows)));
    }

    /// <summary>Euclidean norm of a flat tensor, on the host.</summary>
    public static double NormOf(Tensor flat)
    {
        using var scope = NewDisposeScope();
        return Math.Sqrt(SquaredNorm(flat).item<double>());
    }

    /// <summary>Scales the gradient in place to norm <paramref name="clip"/> if it is larger.</summary>
    public void Clip(Tensor gradient, double? clip)
    {
        if (Norm > clip)
        {
            using Scalar factor = clip.Value / Norm;
            gradient.mul_(factor);
        }
    }

    /// <summary>Squared norm, [1], in float64: the square of a finite float32 cannot overflow there.</summary>
    private static Tensor SquaredNorm(Tensor flat) => flat.to(ScalarType.Float64).Squared().sum([0L], keepdim: true);
}

/// <summary>Energies of one phase of the gradient.</summary>
/// <param name="Mean">The mean.</param>
/// <param name="Median">The median, robust against a few outlying chains.</param>
/// <param name="Spread">A robust standard deviation about the median.</param>
internal readonly record struct EnergyMetrics(double Mean, double Median, double Spread)
{
    public bool IsFinite => double.IsFinite(Mean) && double.IsFinite(Spread);

    /// <summary>Computes the metrics from the energies and their sum.</summary>
    public static EnergyMetrics Of(double sum, ReadOnlySpan<double> energies)
    {
        var median = RobustHistory.Median(energies.ToArray());
        return new EnergyMetrics(sum / energies.Length, median, RobustHistory.Spread(energies.ToArray(), median));
    }
}
