using Ebm.Core.Energies;
using Ebm.Core.Energies.Boltzmann;
using Ebm.Core.Native;
using static TorchSharp.torch;

namespace Ebm.Core.Evaluation;

/// <summary>
/// How well one mean-field pass v -> h -> v of an RBM gives its rows back, mean over rows of the sum over units. A side
/// figure: a model that copies its input scores well and may have learned nothing.
/// </summary>
/// <param name="SquaredError">Squared error of the probabilities.</param>
/// <param name="CrossEntropy">Cross-entropy in nats.</param>
internal readonly record struct ReconstructionError(double SquaredError, double CrossEntropy)
{
    /// <summary>Figures of <paramref name="rows"/>, [rows, features].</summary>
    public static ReconstructionError Of(RbmEnergy energy, Parameters parameters, Tensor rows)
    {
        using var graphless = no_grad();
        using var scope = NewDisposeScope();
        var logits = energy.VisibleLogits(parameters, energy.HiddenProbabilities(parameters, rows));
        var crossEntropy = nn.functional.binary_cross_entropy_with_logits(logits, rows, reduction: nn.Reduction.Sum);
        var squared = logits.sigmoid().sub_(rows).Squared().sum();
        return new ReconstructionError(Mean(squared, rows), Mean(crossEntropy, rows));
    }

    private static double Mean(Tensor sum, Tensor rows) => sum.item<float>() / (double)rows.shape[0];
}
