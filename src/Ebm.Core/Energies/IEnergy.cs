using Ebm.Core.Datasets;
using Ebm.Core.Randomness;
using Ebm.Core.States;
using static TorchSharp.torch;

namespace Ebm.Core.Energies;

/// <summary>
/// An energy function E_theta(x) of the model p(x) = exp(-E_theta(x)) / Z. Pure: parameters and states are arguments,
/// nothing is kept. States are [rows, features], float32; all tensors lie on the parameters' device.
/// Results are new tensors of the caller's dispose scope.
/// </summary>
public interface IEnergy
{
    /// <summary>The states that the energy is defined on.</summary>
    StateSpace Space { get; }

    /// <summary>How its parameters lie in the flat vector.</summary>
    ParameterLayout Layout { get; }

    /// <summary>
    /// Classes y of an energy E(x, y), whose model is p(x | y) = exp(-E(x, y)) / Z(y); 0 for an energy E(x).
    /// </summary>
    int Classes => 0;

    /// <summary>
    /// E(., y) of the rows whose classes <paramref name="rows"/> has: an energy of x alone, which kernels
    /// sample from like from any other. An energy with classes computes nothing before; one without is itself.
    /// </summary>
    IEnergy Given(RowClasses rows) => this;

    /// <summary>The same for a label of each row; an energy without classes ignores them.</summary>
    IEnergy Given(ReadOnlySpan<int> labels, Device device) =>
        Classes == 0 ? this : Given(RowClasses.Of(labels, Classes, device));

    /// <summary>
    /// Initial parameters, [layout.Length] on the CPU: a function of the key and of the data's summary alone.
    /// </summary>
    Tensor Initialise(RandomKey key, DataSummary data);

    /// <summary>Energy of each row, [rows].</summary>
    Tensor Energy(Parameters parameters, Tensor states);

    /// <summary>
    /// dE/dx of each row, [rows, features]; of categorical units the gradient in their one-hot encoding,
    /// [rows, features * categories]. Built-in energies build no autograd graph for it.
    /// </summary>
    Tensor StateGradient(Parameters parameters, Tensor states);

    /// <summary>Both at once, for kernels that accept or reject: one pass forward instead of two.</summary>
    (Tensor Energies, Tensor Gradient) EnergyAndGradient(Parameters parameters, Tensor states);

    /// <summary>
    /// Energies [rows] and the gradient [layout.Length] of sum_i (weight E_i + l2 E_i^2) in the parameters.
    /// The data side of contrastive divergence takes weight +1/n, the model side -1/n, and both the energy penalty
    /// l2/n.
    /// </summary>
    (Tensor Energies, Tensor Gradient) ParameterGradient(
        Parameters parameters, Tensor states, double weight, double l2 = 0);
}

/// <summary>
/// An energy whose model's units can be resampled exactly given the others, group by group: hidden and visible units of
/// a restricted Boltzmann machine, colours of a lattice, single units.
/// </summary>
public interface IBlockGibbs : IEnergy
{
    /// <summary>
    /// One sweep over all groups. <paramref name="visible"/> is [rows, features]; the result is a new tensor of its
    /// shape. Uses draws from 0 on of the site.
    /// </summary>
    /// <param name="parameters">The parameters.</param>
    /// <param name="visible">States, [rows, features].</param>
    /// <param name="noise">Noise on their device.</param>
    /// <param name="site">Where it begins.</param>
    /// <param name="known">True where a unit stays as it is, so the rest is drawn given it; [rows, features] or
    /// broadcastable.</param>
    Tensor Sweep(Parameters parameters, Tensor visible, INoise noise, NoiseSite site, Tensor? known = null);

    /// <summary>
    /// The same kind of model without couplings: independent units that follow the training rows as far as they can.
    /// </summary>
    IndependentUnits Uncoupled(Dataset data);
}

/// <summary>Parameters of independent units.</summary>
/// <param name="Flat">Flat parameters, [layout.Length], float32, on the CPU.</param>
/// <param name="LogZ">log Z of the model with them, in nats.</param>
public sealed record IndependentUnits(float[] Flat, double LogZ);
