using Ebm.Core.Energies;
using Ebm.Core.Energies.Pairwise;
using Ebm.Core.Native;
using static TorchSharp.torch;

namespace Ebm.Core.Evaluation;

/// <summary>How well a model's couplings are those of the model that its data was drawn from.</summary>
internal static class CouplingRecovery
{
    /// <summary>
    /// Root of the mean squared error over all entries of J, in the convention of the literature's figure, x^T J x with
    /// a symmetric J: each pair is counted twice there, so J is half of the energy's couplings.
    /// </summary>
    public static double RootMeanSquare(PairwiseEnergy energy, Parameters parameters, Tensor couplings)
    {
        using var graphless = no_grad();
        using var scope = NewDisposeScope();
        var learned = energy.CouplingMatrix(parameters).to(ScalarType.Float64).cpu();
        var known = couplings.to(ScalarType.Float64);
        return Math.Sqrt(learned.sub_(known).Squared().mean().item<double>()) / 2;
    }
}
