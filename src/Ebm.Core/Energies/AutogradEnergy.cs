using System.Runtime.InteropServices;
using Ebm.Core.Datasets;
using Ebm.Core.Native;
using Ebm.Core.Randomness;
using Ebm.Core.States;
using static TorchSharp.torch;

namespace Ebm.Core.Energies;

/// <summary>
/// An energy of which only the formula is written: derive, declare the parameters, and write <see cref="Evaluate"/>.
/// Autograd gives both gradients, so a sampler's step costs up to twice as much as with an <see cref="IEnergy"/> that
/// has dE/dx in closed form. Pure, like every energy: one instance serves all threads.
/// </summary>
/// <remarks>
/// Numbers in tensor operations become native objects that only a finalizer holds, so a garbage collection may free
/// them under the call. In <see cref="Evaluate"/> write <c>a.Plus(b)</c> for <c>a + b</c> and <c>a.Squared()</c> for
/// <c>a.square()</c> (<see cref="Sums"/>, <see cref="TorchOps.Softplus"/>), and make each number a local: <c>using
/// Scalar half = 0.5; a.mul(half)</c>.
/// </remarks>
public abstract class AutogradEnergy : IEnergy
{
    private readonly IReadOnlyList<InitialParameter> _initial;

    /// <summary>
    /// An energy on states, with its parameters in the order of the flat vector; none for a fixed energy.
    /// </summary>
    protected AutogradEnergy(StateSpace space, params IReadOnlyList<InitialParameter> parameters)
    {
        TorchLibrary.EnsureLoaded();
        (Space, _initial) = (space, parameters);
        Layout = new ParameterLayout([.. parameters.Select(p => (p.Name, p.Shape.ToArray()))]);
    }

    /// <inheritdoc/>
    public StateSpace Space { get; }

    /// <inheritdoc/>
    public ParameterLayout Layout { get; }

    /// <summary>
    /// The energy of each row, [rows], in nats: differentiable in the states and in the parameters, a function of the
    /// row and the parameters alone. It changes none of its arguments, and disposes none.
    /// </summary>
    /// <param name="parameters">The parameters by name, with the shapes that were declared.</param>
    /// <param name="states">[rows, features]; of categorical units one-hot, [rows, features, categories].</param>
    protected abstract Tensor Evaluate(Parameters parameters, Tensor states);

    /// <inheritdoc/>
    public virtual Tensor Initialise(RandomKey key, DataSummary data)
    {
        using var scope = NewDisposeScope();
        var flat = empty(Layout.Length);
        for (var i = 0; i < _initial.Count; i++)
        {
            var values = flat.narrow(0, Layout.Entries[i].Offset, Layout.Entries[i].Length).view(1, -1);
            _initial[i].Fill(values, new NoiseSite(key, FirstChain: (uint)i));
        }

        return flat.MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public Tensor Energy(Parameters parameters, Tensor states)
    {
        using var graphless = no_grad();
        using var scope = NewDisposeScope();
        return Energies(parameters, Encoded(states.detach())).clone().MoveToOuterDisposeScope();
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
        using var graph = enable_grad();
        using var scope = NewDisposeScope();
        var x = Encoded(states.detach()).requires_grad_(true);
        var energies = Energies(parameters, x);
        Differentiate(energies.sum(), "the states");
        var gradient = TakeGradient(x).view(x.shape[0], -1);
        return (energies.detach().clone().MoveToOuterDisposeScope(), gradient.MoveToOuterDisposeScope());
    }

    /// <inheritdoc/>
    public (Tensor Energies, Tensor Gradient) ParameterGradient(
        Parameters parameters, Tensor states, double weight, double l2 = 0)
    {
        if (Layout.Length == 0)
        {
            return (Energy(parameters, states), zeros(0, parameters.Flat.dtype, parameters.Flat.device));
        }

        using var graph = enable_grad();
        using var scope = NewDisposeScope();
        using Scalar slope = weight, penalty = l2;

        // Leaves of its own that alias the parameters: lanes share those, and none may see another's graph.
        using var leaves = parameters.Leaves();
        var energies = Energies(leaves, Encoded(states.detach()));
        var terms = energies.mul(slope);
        Differentiate((l2 == 0 ? terms : terms.Plus(energies.Squared().mul(penalty))).sum(), "the parameters");
        var gradient = cat([.. Layout.Entries.Select((_, i) => TakeGradient(leaves[i]).reshape(-1))]);
        return (energies.detach().clone().MoveToOuterDisposeScope(), gradient.MoveToOuterDisposeScope());
    }

    /// <summary>Category numbers one-hot; other states unchanged.</summary>
    private Tensor Encoded(Tensor states) => Space.Units == UnitKind.Categorical
        ? nn.functional.one_hot(states.to_type(ScalarType.Int64), Space.Categories).to_type(states.dtype)
        : states;

    private Tensor Energies(Parameters parameters, Tensor states)
    {
        var rows = states.shape[0];
        Tensor energies;
        try
        {
            energies = Evaluate(parameters, states);
        }
        catch (ExternalException e)
        {
            throw new EbmException($"{GetType().Name}.Evaluate failed: {TorchError.Brief(e)}", e);
        }

        return energies.numel() == rows && energies.shape is [_] or [_, 1] && energies.dtype == states.dtype
            ? energies.reshape(rows)
            : throw new EbmException($"{GetType().Name}.Evaluate returned {energies.dtype} "
                + $"[{string.Join(", ", energies.shape)}] "
                + $"for {rows} rows; expected {states.dtype} [{rows}], an energy for each row.");
    }

    private void Differentiate(Tensor loss, string what)
    {
        // Through backward, whose errors can be caught; those of autograd.grad end the process.
        try
        {
            loss.backward();
        }
        catch (ExternalException e)
        {
            throw new EbmException($"{GetType().Name}.Evaluate cannot be differentiated in {what}: "
                + $"{TorchError.Brief(e)} "
                + "Compute with tensor operations from the arguments to the energies, without detach and no_grad.", e);
        }
    }

    /// <summary>0 where the energy does not depend on the tensor.</summary>
    private static Tensor TakeGradient(Tensor leaf) => leaf.grad ?? zeros_like(leaf);
}
