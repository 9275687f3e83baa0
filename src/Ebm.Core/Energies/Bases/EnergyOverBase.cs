using Ebm.Core.Datasets;
using Ebm.Core.Randomness;
using Ebm.Core.States;
using static TorchSharp.torch;

namespace Ebm.Core.Energies.Bases;

/// <summary>
/// An energy on top of a fixed distribution: E(x) = E_net(x) - log p_base(x). With E_net = 0 the model is the base, and
/// Z = 1. Training and the energy penalty apply to the network alone.
/// </summary>
internal sealed class EnergyOverBase(IEnergy network, IBaseDistribution @base) : IEnergy
{
    /// <summary>The network's energy, E_net.</summary>
    public IEnergy Network => network;

    /// <summary>The distribution under it.</summary>
    public IBaseDistribution Base => @base;

    /// <inheritdoc/>
    public StateSpace Space => network.Space;

    /// <inheritdoc/>
    public ParameterLayout Layout => network.Layout;

    /// <inheritdoc/>
    public int Classes => network.Classes;

    /// <inheritdoc/>
    public IEnergy Given(RowClasses rows) => new EnergyOverBase(network.Given(rows), @base);

    /// <inheritdoc/>
    public Tensor Initialise(RandomKey key, DataSummary data) => network.Initialise(key, data);

    /// <inheritdoc/>
    public Tensor Energy(Parameters parameters, Tensor states)
    {
        using var scope = NewDisposeScope();
        return network.Energy(parameters, states).sub_(@base.LogProbability(states)).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public Tensor StateGradient(Parameters parameters, Tensor states)
    {
        using var scope = NewDisposeScope();
        return network.StateGradient(parameters, states).sub_(@base.StateGradient(states)).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public (Tensor Energies, Tensor Gradient) EnergyAndGradient(Parameters parameters, Tensor states)
    {
        using var scope = NewDisposeScope();
        var (energies, gradient) = network.EnergyAndGradient(parameters, states);
        return (energies.sub_(@base.LogProbability(states)).MoveToOuterDisposeScope(),
            gradient.sub_(@base.StateGradient(states)).MoveToOuterDisposeScope());
    }

    /// <inheritdoc/>
    /// <remarks>The base has no parameters; the penalty is on E_net.</remarks>
    public (Tensor Energies, Tensor Gradient) ParameterGradient(
        Parameters parameters, Tensor states, double weight, double l2 = 0)
    {
        using var scope = NewDisposeScope();
        var (energies, gradient) = network.ParameterGradient(parameters, states, weight, l2);
        return (energies.sub_(@base.LogProbability(states)).MoveToOuterDisposeScope(),
            gradient.MoveToOuterDisposeScope());
    }
}
