using Ebm.Core.Datasets;
using Ebm.Core.Energies;
using Ebm.Core.Energies.Bases;
using Ebm.Core.Randomness;
using Ebm.Core.States;
using static TorchSharp.torch;

namespace Ebm.Core.Likelihood;

/// <summary>
/// The energy of an annealed path: -(1 - beta) log p_base(x) + beta E(x). For a model with the same base, E = E_net -
/// log p_base, it is -log p_base(x) + beta E_net(x). It cannot be trained.
/// </summary>
/// <param name="energy">E, or E_net.</param>
/// <param name="start">The base.</param>
/// <param name="weight">Factor of log p_base.</param>
/// <param name="beta">Factor of the energy.</param>
internal sealed class PathEnergy(IEnergy energy, IBaseDistribution start, double weight, double beta) : IEnergy
{
    /// <inheritdoc/>
    public StateSpace Space => energy.Space;

    /// <inheritdoc/>
    public ParameterLayout Layout => energy.Layout;

    /// <inheritdoc/>
    public Tensor Initialise(RandomKey key, DataSummary data) => energy.Initialise(key, data);

    /// <inheritdoc/>
    public Tensor Energy(Parameters parameters, Tensor states)
    {
        using var scope = NewDisposeScope();
        return Between(start.LogProbability(states), energy.Energy(parameters, states)).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public Tensor StateGradient(Parameters parameters, Tensor states)
    {
        using var scope = NewDisposeScope();
        return Between(start.StateGradient(states), energy.StateGradient(parameters, states)).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public (Tensor Energies, Tensor Gradient) EnergyAndGradient(Parameters parameters, Tensor states)
    {
        using var scope = NewDisposeScope();
        var (energies, gradient) = energy.EnergyAndGradient(parameters, states);
        return (
            Between(start.LogProbability(states), energies).MoveToOuterDisposeScope(),
            Between(start.StateGradient(states), gradient).MoveToOuterDisposeScope());
    }

    /// <inheritdoc/>
    public (Tensor Energies, Tensor Gradient) ParameterGradient(
        Parameters parameters, Tensor states, double factor, double l2 = 0) =>
        throw new NotSupportedException("The energy of an annealed path has no gradient in parameters.");

    /// <summary>Combines log p_base and E, or their gradients; overwrites the latter.</summary>
    private Tensor Between(Tensor logBase, Tensor model)
    {
        using Scalar hot = -weight, cold = beta;
        return model.mul_(cold).add_(logBase, alpha: hot);
    }
}
