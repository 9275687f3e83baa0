using Ebm.Core.Datasets;
using Ebm.Core.Energies;
using Ebm.Core.Randomness;
using Ebm.Core.States;
using static TorchSharp.torch;

namespace Ebm.Core.Benchmarks;

/// <summary>
/// A law on real rows that can be drawn from exactly, as an energy without parameters: what samplers are measured on
/// and held against.
/// </summary>
internal abstract class ReferenceDistribution(int features) : IEnergy
{
    /// <inheritdoc/>
    public StateSpace Space { get; } = new(features, UnitKind.Real);

    /// <summary>Empty.</summary>
    public ParameterLayout Layout { get; } = new([]);

    /// <summary>
    /// Turns standard normal noise [rows, columns], which it may overwrite, into draws [rows, features].
    /// </summary>
    protected abstract Tensor FromNoise(Tensor normal);

    /// <summary>Columns of noise that a draw is made of.</summary>
    protected virtual int NoiseColumns => Space.Features;

    /// <summary>
    /// Exact draws, [count, features]; row i is of chain <c>site.FirstChain + i</c>. Uses one draw of the site.
    /// </summary>
    public Tensor Draw(int count, INoise noise, NoiseSite site, Device device)
    {
        using var scope = NewDisposeScope();
        var normal = zeros([count, NoiseColumns], ScalarType.Float32, device);
        noise.AddNormal(normal, 1, site);
        return FromNoise(normal).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public Tensor Initialise(RandomKey key, DataSummary data) => empty(0);

    /// <inheritdoc/>
    public Tensor Energy(Parameters parameters, Tensor states)
    {
        var (energies, gradient) = EnergyAndGradient(parameters, states);
        gradient.Dispose();
        return energies;
    }

    /// <inheritdoc/>
    public Tensor StateGradient(Parameters parameters, Tensor states)
    {
        var (energies, gradient) = EnergyAndGradient(parameters, states);
        energies.Dispose();
        return gradient;
    }

    /// <inheritdoc/>
    public (Tensor Energies, Tensor Gradient) EnergyAndGradient(Parameters parameters, Tensor states)
    {
        using var graphless = no_grad();
        using var scope = NewDisposeScope();
        var (energies, gradient) = At(states);
        return (energies.MoveToOuterDisposeScope(), gradient.MoveToOuterDisposeScope());
    }

    /// <inheritdoc/>
    public (Tensor Energies, Tensor Gradient) ParameterGradient(
        Parameters parameters, Tensor states, double weight,
        double l2 = 0) => (Energy(parameters, states), zeros(0, device: states.device));

    /// <summary>Energies [rows] and their gradient [rows, features].</summary>
    protected abstract (Tensor Energies, Tensor Gradient) At(Tensor states);
}
