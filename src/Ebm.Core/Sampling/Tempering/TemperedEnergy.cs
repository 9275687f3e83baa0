using Ebm.Core.Datasets;
using Ebm.Core.Energies;
using Ebm.Core.Randomness;
using Ebm.Core.States;
using static TorchSharp.torch;

namespace Ebm.Core.Sampling.Tempering;

/// <summary>beta E: the model at another temperature. Not trained.</summary>
internal sealed class TemperedEnergy(IEnergy energy, double beta) : IEnergy
{
    /// <inheritdoc/>
    public StateSpace Space => energy.Space;

    /// <inheritdoc/>
    public ParameterLayout Layout => energy.Layout;

    /// <inheritdoc/>
    public Tensor Initialise(RandomKey key, DataSummary data) => energy.Initialise(key, data);

    /// <inheritdoc/>
    public Tensor Energy(Parameters parameters, Tensor states) => Scaled(energy.Energy(parameters, states));

    /// <inheritdoc/>
    public Tensor StateGradient(Parameters parameters, Tensor states) =>
        Scaled(energy.StateGradient(parameters, states));

    /// <inheritdoc/>
    public (Tensor Energies, Tensor Gradient) EnergyAndGradient(Parameters parameters, Tensor states)
    {
        var (energies, gradient) = energy.EnergyAndGradient(parameters, states);
        return (Scaled(energies), Scaled(gradient));
    }

    /// <inheritdoc/>
    public (Tensor Energies, Tensor Gradient) ParameterGradient(
        Parameters parameters, Tensor states, double weight, double l2 = 0) =>
        throw new NotSupportedException("A model at another temperature is sampled, not trained.");

    private Tensor Scaled(Tensor values)
    {
        using Scalar factor = beta;
        return values.mul_(factor);
    }
}
