using Ebm.Core.Datasets;
using Ebm.Core.Energies.Layers;
using Ebm.Core.Native;
using Ebm.Core.Randomness;
using Ebm.Core.States;
using static TorchSharp.torch;

namespace Ebm.Core.Energies.Networks;

/// <summary>
/// A feed-forward network whose one output is the energy. Each layer knows its gradient in the input, so sampling
/// builds no autograd graph; the gradient in the parameters comes from autograd over the same forward pass.
/// </summary>
internal sealed class LayeredEnergy : IEnergy
{
    private readonly LayerParameter[] _parameters;
    private readonly Sequential _network;
    private readonly bool _isNormalised;
    private readonly Tensor? _weights;

    /// <summary>Composes stages that lead from [rows, features] to [rows, 1].</summary>
    public LayeredEnergy(StateSpace space, IReadOnlyList<IStage> stages, int classes = 0)
    {
        (Space, _network, Classes) = (space, new Sequential(stages), classes);
        _parameters = [.. _network.Parameters];
        _isNormalised = Array.Exists(_parameters, p => p.IsNormalised);
        Layout = new ParameterLayout([.. _parameters.Select(p => (p.Name, p.Shape))]);
    }

    private LayeredEnergy(LayeredEnergy energy, RowClasses rows)
    {
        (Space, Layout, Classes) = (energy.Space, energy.Layout, energy.Classes);
        (_parameters, _isNormalised) = (energy._parameters, energy._isNormalised);
        (_network, _weights) = (energy._network.GivenAll(rows), rows.Weights);
    }

    /// <inheritdoc/>
    public StateSpace Space { get; }

    /// <inheritdoc/>
    public int Classes { get; }

    /// <inheritdoc/>
    public ParameterLayout Layout { get; }

    /// <inheritdoc/>
    public IEnergy Given(RowClasses rows) => Classes == 0 ? this : new LayeredEnergy(this, rows);

    /// <summary>From the states to the energy.</summary>
    public IReadOnlyList<IStage> Stages => _network.Stages;

    /// <summary>The stages' parameters, in the order of <see cref="Layout"/>.</summary>
    public IReadOnlyList<LayerParameter> Parameters => _parameters;

    /// <summary>
    /// Weights and biases uniform in +-1/sqrt(fan-in), which is PyTorch's default; those of classes zero.
    /// </summary>
    public Tensor Initialise(RandomKey key, DataSummary data)
    {
        using var scope = NewDisposeScope();
        var flat = empty(Layout.Length);
        for (var i = 0; i < _parameters.Length; i++)
        {
            var values = flat.narrow(0, Layout.Entries[i].Offset, Layout.Entries[i].Length).view(1, -1);
            if (_parameters[i].FanIn == 0)
            {
                values.zero_();
                continue;
            }

            var bound = 1 / Math.Sqrt(_parameters[i].FanIn);
            NoiseFactory.On(CPU).FillUniform(values, new NoiseSite(key, FirstChain: (uint)i));
            using Scalar width = 2 * bound, half = bound;
            values.mul_(width).sub_(half);
        }

        return flat.MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public Tensor Energy(Parameters parameters, Tensor states)
    {
        using var graphless = no_grad();
        using var scope = NewDisposeScope();
        return _network.Forward(states, Weights(parameters)).squeeze(1).MoveToOuterDisposeScope();
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
        var weights = Weights(parameters);
        var trail = new Stack<Tensor>();
        var energies = _network.Forward(states, weights, trail);
        var gradient = _network.Backward(ones_like(energies), weights, trail);
        return (energies.squeeze(1).MoveToOuterDisposeScope(), gradient.MoveToOuterDisposeScope());
    }

    /// <inheritdoc/>
    public (Tensor Energies, Tensor Gradient) ParameterGradient(
        Parameters parameters, Tensor states, double weight, double l2 = 0)
    {
        using var scope = NewDisposeScope();
        using var graph = enable_grad();

        // Leaves of its own that alias the parameters: lanes share those, and none may see another's graph.
        Tensor[] leaves = [.. Views(parameters).Select(v => v.detach().requires_grad_(true))];
        var energies = _network.Forward(states, Normalised(leaves)).squeeze(1);
        using Scalar slope = weight, penalty = l2;
        var terms = energies.mul(slope);
        terms = l2 == 0 ? terms : terms.Plus(energies.Squared().mul(penalty));
        var loss = (_weights is null ? terms : terms * _weights).sum();
        var gradient = cat([.. autograd.grad([loss], leaves).Select(g => g.reshape(-1))]);
        return (energies.detach().MoveToOuterDisposeScope(), gradient.MoveToOuterDisposeScope());
    }

    /// <summary>The stages' inputs: the parameters, or values derived from them once per version.</summary>
    private Tensor[] Weights(Parameters parameters) =>
        _isNormalised ? parameters.Derived(p => Normalised(Views(p))) : Views(parameters);

    private Tensor[] Normalised(Tensor[] parameters) => !_isNormalised
        ? parameters
        : [.. parameters.Select((p, i) => _parameters[i].IsNormalised ? SpectralNormalisation.Apply(p, i) : p.alias())];

    private Tensor[] Views(Parameters parameters)
    {
        var views = new Tensor[_parameters.Length];
        for (var i = 0; i < views.Length; i++)
        {
            views[i] = parameters[i];
        }

        return views;
    }
}
