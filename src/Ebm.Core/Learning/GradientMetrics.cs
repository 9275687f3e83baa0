using Ebm.Core.Native;
using Ebm.Core.Recovery;
using static TorchSharp.torch;

namespace Ebm.Core.Learning;

/// <summary>Figures of a round's gradient, on the host.</summary>
/// <param name="Norm">Euclidean norm; finite exactly if every element is.</param>
/// <param name="Data">Energies of the data batch.</param>
/// <param name="Negatives">Energies of the negatives.</param>
internal readonly record struct GradientMetrics(double Norm, EnergyMetrics Data, EnergyMetrics Negatives)
{
    public bool IsFinite => double.IsFinite(Norm) && Data.IsFinite && Negatives.IsFinite;

    /// <summary>Measures on the device and waits for it once.</summary>
    public static GradientMetrics Measure(Tensor gradient, PhaseSum data, PhaseSum negatives)
    {
        using var scope = NewDisposeScope();
        Tensor[] exact = [.. data.Energies.Concat(negatives.Energies).Select(block => block.to(ScalarType.Float64))];
        double[] figures = [.. cat([SquaredNorm(gradient), data.Energy, negatives.Energy,
            .. exact]).cpu().data<double>()];
        return new GradientMetrics(
            Math.Sqrt(figures[0]),
            EnergyMetrics.Of(figures[1], figures.AsSpan(3, data.Rows)),
            EnergyMetrics.Of(figures[2], figures.AsSpan(3 + data.Rows)));
    }

    /// <summary>Euclidean norm of a flat tensor, on the host.</summary>
    public static double NormOf(Tensor flat)
    {
        using var scope = NewDisposeScope();
        return Math.Sqrt(SquaredNorm(flat).item<double>());
    }

    /// <summary>Scales the gradient in place to the norm <paramref name="clip"/> where it is larger.</summary>
    public void Clip(Tensor gradient, double? clip)
    {
        if (Norm > clip)
        {
            using Scalar factor = clip.Value / Norm;
            gradient.mul_(factor);
        }
    }

    /// <summary>In float64, where the square of a finite float32 cannot overflow; [1].</summary>
    private static Tensor SquaredNorm(Tensor flat) => flat.to(ScalarType.Float64).Squared().sum([0L], keepdim: true);
}

/// <summary>Energies of one side.</summary>
/// <param name="Mean">Their mean.</param>
/// <param name="Median">Their median, which a few chains that start afresh far away do not move.</param>
/// <param name="Spread">Their spread about it, robust as well: the standard deviation, were they normal.</param>
internal readonly record struct EnergyMetrics(double Mean, double Median, double Spread)
{
    public bool IsFinite => double.IsFinite(Mean) && double.IsFinite(Spread);

    /// <summary>From their sum and themselves.</summary>
    public static EnergyMetrics Of(double sum, ReadOnlySpan<double> energies)
    {
        var median = RobustHistory.Median(energies.ToArray());
        return new EnergyMetrics(sum / energies.Length, median, RobustHistory.Spread(energies.ToArray(), median));
    }
}
