using static TorchSharp.torch;

namespace Ebm.Core.Learning;

/// <summary>Figures of a round's gradient, on the host.</summary>
/// <param name="Norm">Euclidean norm; finite exactly if every element is.</param>
/// <param name="EnergyData">Mean energy of the data batch.</param>
/// <param name="EnergyNegatives">Mean energy of the negatives.</param>
internal readonly record struct GradientFigures(double Norm, double EnergyData, double EnergyNegatives)
{
    public bool IsFinite => double.IsFinite(Norm) && double.IsFinite(EnergyData) && double.IsFinite(EnergyNegatives);

    /// <summary>Measures on the device and waits for it once.</summary>
    public static GradientFigures Measure(Tensor gradient, PhaseSum data, PhaseSum negatives)
    {
        using var scope = NewDisposeScope();
        var figures = cat([SquaredNorm(gradient), data.Energy, negatives.Energy]).cpu().data<double>();
        return new GradientFigures(Math.Sqrt(figures[0]), figures[1] / data.Rows, figures[2] / negatives.Rows);
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
    private static Tensor SquaredNorm(Tensor flat) => flat.to(ScalarType.Float64).square().sum([0L], keepdim: true);
}
