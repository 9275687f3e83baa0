using Ebm.Core.Datasets;
using Ebm.Core.Energies;
using Ebm.Core.Randomness;
using Ebm.Core.States;
using static TorchSharp.torch;

namespace Ebm.Core.Benchmarks;

/// <summary>An energy that counts at how many states its gradient was asked for.</summary>
internal sealed class CountingEnergy(IEnergy energy) : IEnergy
{
    /// <summary>States so far.</summary>
    public long Gradients { get; private set; }

    /// <inheritdoc/>
    public StateSpace Space => energy.Space;

    /// <inheritdoc/>
    public ParameterLayout Layout => energy.Layout;

    /// <inheritdoc/>
    public Tensor Initialise(RandomKey key, DataSummary data) => energy.Initialise(key, data);

    /// <inheritdoc/>
    public Tensor Energy(Parameters parameters, Tensor states) => energy.Energy(parameters, states);

    /// <inheritdoc/>
    public Tensor StateGradient(Parameters parameters, Tensor states)
    {
        Gradients += states.shape[0];
        return energy.StateGradient(parameters, states);
    }

    /// <inheritdoc/>
    public (Tensor Energies, Tensor Gradient) EnergyAndGradient(Parameters parameters, Tensor states)
    {
        Gradients += states.shape[0];
        return energy.EnergyAndGradient(parameters, states);
    }

    /// <inheritdoc/>
    public (Tensor Energies, Tensor Gradient) ParameterGradient(
        Parameters parameters, Tensor states, double weight,
        double l2 = 0) => energy.ParameterGradient(parameters, states, weight, l2);
}
