using Ebm.Core.Datasets;
using Ebm.Core.Native;
using Ebm.Core.Randomness;
using Ebm.Core.States;
using static TorchSharp.torch;

namespace Ebm.Core.Energies.Boltzmann;

/// <summary>
/// What the restricted Boltzmann machines share: Bernoulli hidden units, summed out in closed form,
/// E(v) = visible(v) - sum_j softplus(c_j + tau (vW)_j), where tau is the precision of a visible unit (1 for binary
/// ones). Parameters: <c>weight</c> W [features, hidden], <c>visible.bias</c> b [features], <c>hidden.bias</c> c
/// [hidden]; with classes also <c>visible.classes</c> [classes, features] and <c>hidden.classes</c> [classes, hidden],
/// whose row y is added to the biases of rows of class y. All gradients are closed forms.
/// </summary>
internal abstract class RestrictedBoltzmann : IBlockGibbs
{
    private const int W = 0, B = 1, C = 2, VisibleOfClass = 3, HiddenOfClass = 4;
    private readonly float _precision;
    private readonly float _weightScale;
    private RowClasses? _rows;

    private protected RestrictedBoltzmann(
        StateSpace space, int hidden, double precision, double weightScale, int classes = 0)
    {
        (Space, Hidden, Classes) = (space, hidden, classes);
        (_precision, _weightScale) = ((float)precision, (float)weightScale);
        (string, long[])[] plain =
            [("weight", [space.Features, hidden]), ("visible.bias", [space.Features]), ("hidden.bias", [hidden])];
        Layout = new ParameterLayout(classes == 0
            ? plain
            : [.. plain, ("visible.classes", [classes, space.Features]), ("hidden.classes", [classes, hidden])]);
    }

    /// <inheritdoc/>
    public StateSpace Space { get; }

    /// <inheritdoc/>
    public ParameterLayout Layout { get; }

    /// <inheritdoc/>
    public int Classes { get; }

    /// <summary>Number of hidden units.</summary>
    public int Hidden { get; }

    private RowClasses Rows =>
        _rows ?? throw new InvalidOperationException("An energy of classes was asked about rows without classes.");

    /// <inheritdoc/>
    public IEnergy Given(RowClasses rows)
    {
        if (Classes == 0)
        {
            return this;
        }

        var given = (RestrictedBoltzmann)MemberwiseClone();
        given._rows = rows;
        return given;
    }

    /// <summary>
    /// Weights N(0, scale^2), visible biases from the data's means, hidden biases and those of classes 0.
    /// </summary>
    public Tensor Initialise(RandomKey key, DataSummary data)
    {
        using var scope = NewDisposeScope();
        var flat = zeros(Layout.Length);
        var weight = flat.narrow(0, Layout.Entries[W].Offset, Layout.Entries[W].Length).view(1, -1);
        NoiseFactory.On(CPU).AddNormal(weight, _weightScale, new NoiseSite(key, FirstChain: W));
        flat.narrow(0, Layout.Entries[B].Offset, Space.Features).copy_(tensor(VisibleBias(data), device: CPU));
        return flat.MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public Tensor Energy(Parameters parameters, Tensor states)
    {
        using var graphless = no_grad();
        using var scope = NewDisposeScope();
        return Energy(parameters, states, HiddenInput(parameters, states)).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public Tensor StateGradient(Parameters parameters, Tensor states)
    {
        using var graphless = no_grad();
        using var scope = NewDisposeScope();
        return StateGradient(parameters, states, HiddenInput(parameters, states)).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public (Tensor Energies, Tensor Gradient) EnergyAndGradient(Parameters parameters, Tensor states)
    {
        using var graphless = no_grad();
        using var scope = NewDisposeScope();
        var input = HiddenInput(parameters, states);
        var energies = Energy(parameters, states, input);
        return (energies.MoveToOuterDisposeScope(), StateGradient(parameters, states, input).MoveToOuterDisposeScope());
    }

    /// <inheritdoc/>
    public (Tensor Energies, Tensor Gradient) ParameterGradient(
        Parameters parameters, Tensor states, double weight, double l2 = 0)
    {
        using var graphless = no_grad();
        using var scope = NewDisposeScope();
        var input = HiddenInput(parameters, states);
        var energies = Energy(parameters, states, input);

        // d/dE of (weight E + l2 E^2), row by row; dE/dW = -tau v p^T, dE/dc = -p with p = sigmoid(input).
        using Scalar slope = 2 * l2, offset = weight;
        var factor = energies.mul(slope).Increase(offset);
        if (_rows?.Weights is { } weights)
        {
            factor.mul_(weights);
        }

        var hidden = input.sigmoid_().mul_(factor.unsqueeze(1));
        var gradient = empty(Layout.Length, states.dtype, states.device);
        View(gradient, W).addmm_(states.t(), hidden, beta: 0, alpha: -_precision);
        Slice(gradient, B).copy_(VisibleBiasGradient(states, VisibleBias(parameters), factor));
        Slice(gradient, C).copy_(hidden.sum([0])).neg_();
        if (_rows is not null)
        {
            View(gradient, VisibleOfClass).copy_(_rows.SumByClass(
                VisibleBiasGradients(states, VisibleBias(parameters)).mul_(factor.unsqueeze(1))));
            View(gradient, HiddenOfClass).copy_(_rows.SumByClass(hidden)).neg_();
        }

        return (energies.MoveToOuterDisposeScope(), gradient.MoveToOuterDisposeScope());
    }

    /// <summary>v -> h -> v; draws 0 (hidden) and 1 (visible).</summary>
    public Tensor Sweep(Parameters parameters, Tensor visible, INoise noise, NoiseSite site, Tensor? known = null)
    {
        using var graphless = no_grad();
        using var scope = NewDisposeScope();
        var hidden = mm(visible, parameters[W]);
        if (_precision != 1)
        {
            using Scalar precision = _precision;
            hidden.mul_(precision);
        }

        AddOfClass(hidden, parameters, HiddenOfClass);
        noise.BernoulliInPlace(hidden, parameters[C], site with { Draw = 0 });
        var drawn = SampleVisible(
            AddOfClass(mm(hidden, parameters[W].t()), parameters, VisibleOfClass), parameters[B], noise,
            site with { Draw = 1 });
        return (known is null ? drawn : where(known, visible, drawn)).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public IndependentUnits Uncoupled(Dataset data)
    {
        var (bias, logZ) = UncoupledVisible(data);
        var flat = new float[Layout.Length];
        bias.CopyTo(flat, (int)Layout.Entries[B].Offset);
        return new IndependentUnits(flat, logZ + (Hidden * Math.Log(2)));
    }

    /// <summary>p(h = 1 | v) of each hidden unit, [rows, hidden].</summary>
    public Tensor HiddenProbabilities(Parameters parameters, Tensor states)
    {
        using var graphless = no_grad();
        using var scope = NewDisposeScope();
        return HiddenInput(parameters, states).sigmoid_().MoveToOuterDisposeScope();
    }

    /// <summary>Mean over the rows of p(h = 1 | v), [hidden].</summary>
    public Tensor HiddenMean(Parameters parameters, Tensor states)
    {
        using var probabilities = HiddenProbabilities(parameters, states);
        return probabilities.mean([0]);
    }

    /// <summary>
    /// Visible biases without hidden units that follow the training rows, [features], and log Z of these units.
    /// </summary>
    private protected abstract (float[] Bias, double LogZ) UncoupledVisible(Dataset data);

    /// <summary>Initial visible biases, [features].</summary>
    private protected abstract float[] VisibleBias(DataSummary data);

    /// <summary>
    /// The part of the energy that has no hidden units in it, [rows]; <paramref name="bias"/> is [features], or [rows,
    /// features].
    /// </summary>
    private protected abstract Tensor VisibleEnergy(Tensor states, Tensor bias);

    /// <summary>Its gradient in the states: a new tensor, [rows, features].</summary>
    private protected abstract Tensor VisibleGradient(Tensor states, Tensor bias);

    /// <summary>
    /// Its gradient in the bias, summed over the rows with weights <paramref name="factor"/> [rows]; [features].
    /// </summary>
    private protected abstract Tensor VisibleBiasGradient(Tensor states, Tensor bias, Tensor factor);

    /// <summary>Its gradient in the bias, row by row: a new tensor, [rows, features].</summary>
    private protected abstract Tensor VisibleBiasGradients(Tensor states, Tensor bias);

    /// <summary>Turns hW^T [rows, features] into a draw of the visible units; may work in place.</summary>
    private protected abstract Tensor SampleVisible(Tensor input, Tensor bias, INoise noise, NoiseSite site);

    /// <summary>The visible units' bias: [features] or, with classes, [rows, features].</summary>
    private protected Tensor VisibleBias(Parameters parameters) => Bias(parameters, B, VisibleOfClass);

    private Tensor HiddenInput(Parameters parameters, Tensor states) =>
        addmm(Bias(parameters, C, HiddenOfClass), states, parameters[W], beta: 1, alpha: _precision);

    private Tensor Energy(Parameters parameters, Tensor states, Tensor hiddenInput) =>
        VisibleEnergy(states, VisibleBias(parameters)).sub_(TorchOps.Softplus(hiddenInput).sum(1));

    /// <summary>The bias of all rows, [units], or that of each, [rows, units].</summary>
    private Tensor Bias(Parameters parameters, int bias, int ofClass) =>
        Classes == 0 ? parameters[bias] : Rows.RowsOf(parameters[ofClass]).Increase(parameters[bias]);

    private Tensor AddOfClass(Tensor input, Parameters parameters, int ofClass) =>
        Classes == 0 ? input : input.Increase(Rows.RowsOf(parameters[ofClass]));

    private Tensor View(Tensor flat, int entry) => Slice(flat, entry).view(Layout.Entries[entry].Shape);

    /// <summary>Overwrites <paramref name="hiddenInput"/>.</summary>
    private Tensor StateGradient(Parameters parameters, Tensor states, Tensor hiddenInput) =>
        VisibleGradient(states, VisibleBias(parameters))
            .addmm_(hiddenInput.sigmoid_(), parameters[W].t(), beta: 1, alpha: -_precision);

    private Tensor Slice(Tensor flat, int entry) =>
        flat.narrow(0, Layout.Entries[entry].Offset, Layout.Entries[entry].Length);
}
