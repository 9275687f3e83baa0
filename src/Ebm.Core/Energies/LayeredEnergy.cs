using Ebm.Core.Energies.Layers;
using Ebm.Core.Randomness;
using static TorchSharp.torch;

namespace Ebm.Core.Energies;

/// <summary>
/// A feed-forward network whose one output is the energy. Each layer knows its gradient in the input, so sampling builds no
/// autograd graph; the gradient in the parameters comes from autograd over the same forward pass.
/// </summary>
public sealed class LayeredEnergy : IEnergy
{
    private readonly LayerParameter[] _parameters;

    /// <summary>Composes layers that lead from [rows, features] to [rows, 1].</summary>
    public LayeredEnergy(StateSpace space, IReadOnlyList<ILayer> layers)
    {
        (Space, Layers) = (space, layers);
        _parameters = [.. layers.SelectMany(l => l.Parameters)];
        Layout = new ParameterLayout([.. _parameters.Select(p => (p.Name, p.Shape))]);
    }

    /// <inheritdoc/>
    public StateSpace Space { get; }

    /// <inheritdoc/>
    public ParameterLayout Layout { get; }

    /// <summary>From the states to the energy.</summary>
    public IReadOnlyList<ILayer> Layers { get; }

    /// <summary>Weights and biases uniform in +-1/sqrt(fan-in), which is PyTorch's default.</summary>
    public Tensor Initialise(RandomKey key, DataSummary data)
    {
        using var scope = NewDisposeScope();
        var flat = empty(Layout.Length);
        for (var i = 0; i < _parameters.Length; i++)
        {
            var values = flat.narrow(0, Layout.Entries[i].Offset, Layout.Entries[i].Length).view(1, -1);
            var bound = 1 / Math.Sqrt(_parameters[i].FanIn);
            Noise.On(CPU).FillUniform(values, new NoiseSite(key, FirstChain: (uint)i));
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
        return Forward(Views(parameters), states, inputs: null).MoveToOuterDisposeScope();
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
        var views = Views(parameters);
        var inputs = new Tensor[Layers.Count];
        var energies = Forward(views, states, inputs);
        var gradient = ones_like(energies).unsqueeze(1);
        var end = views.Length;
        for (var i = Layers.Count - 1; i >= 0; i--)
        {
            var first = end - Layers[i].Parameters.Count;
            gradient = Layers[i].Backward(inputs[i], gradient, views.AsSpan(first..end));
            end = first;
        }

        return (energies.MoveToOuterDisposeScope(), gradient.MoveToOuterDisposeScope());
    }

    /// <inheritdoc/>
    public (Tensor Energies, Tensor Gradient) ParameterGradient(
        Parameters parameters, Tensor states, double weight, double l2 = 0)
    {
        using var scope = NewDisposeScope();
        using var graph = enable_grad();

        // Leaves of its own that alias the parameters: lanes share those, and none may see another's graph.
        Tensor[] leaves = [.. Views(parameters).Select(v => v.detach().requires_grad_(true))];
        var energies = Forward(leaves, states, inputs: null);
        var loss = l2 == 0 ? energies.sum() * weight : (energies * weight + energies.square() * l2).sum();
        var gradient = cat([.. autograd.grad([loss], leaves).Select(g => g.reshape(-1))]);
        return (energies.detach().MoveToOuterDisposeScope(), gradient.MoveToOuterDisposeScope());
    }

    private Tensor Forward(Tensor[] views, Tensor states, Tensor[]? inputs)
    {
        var (x, first) = (states, 0);
        for (var i = 0; i < Layers.Count; i++)
        {
            if (inputs is not null)
            {
                inputs[i] = x;
            }

            var count = Layers[i].Parameters.Count;
            x = Layers[i].Forward(x, views.AsSpan(first, count));
            first += count;
        }

        return x.squeeze(1);
    }

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
