using Ebm.Core.Energies;
using Ebm.Core.Sampling;
using Ebm.Core.Spec;
using static TorchSharp.torch;

namespace Ebm.Core.Learning;

/// <summary>
/// Contrastive divergence: turns the sums of a round into the next version. A function of its arguments, on one lane and
/// any device; holds constants only.
/// </summary>
public sealed class Trainer
{
    private readonly ParameterLayout _layout;
    private readonly LearningSpec _learning;
    private readonly Optimiser _optimiser;
    private readonly RateSchedule _schedule;
    private readonly CentredGradient? _centred;
    private readonly ISampler _sampler;
    private readonly Sparsity _sparsity;

    /// <summary>The update rule of a run.</summary>
    /// <param name="layout">The energy's layout.</param>
    /// <param name="spec">The run.</param>
    /// <param name="rounds">Rounds in total.</param>
    public Trainer(ParameterLayout layout, RunSpec spec, long rounds)
    {
        (_layout, _learning) = (layout, spec.Learning);
        _sampler = SamplerFactory.Create(spec.Sampler);
        _optimiser = Optimiser.From(_learning.Optimiser, _learning.WeightDecay);
        _schedule = new RateSchedule(_learning, rounds);
        _sparsity = new Sparsity(layout, _learning);
        _centred = spec.Energy is RbmSpec { Centred: true } rbm ? new CentredGradient(layout, rbm.OffsetRate) : null;
    }

    /// <summary>Version 0 of an attempt: takes a copy of <paramref name="parameters"/> [layout.Length] to the device.</summary>
    public TrainerState Initialise(Tensor parameters, DataSummary data, Device device, int attempt = 0)
    {
        using var scope = NewDisposeScope();
        var flat = parameters.to(ScalarType.Float32).to(device, copy: true);
        return new TrainerState(
            attempt, version: 0, flat, _optimiser.Initialise(flat),
            _learning.Ema > 0 ? flat.clone() : null, _centred?.Initialise(data, device), [_sampler.InitialTuning]);
    }

    /// <summary>Names of the tensors that the optimiser keeps, to read them from a checkpoint.</summary>
    public IReadOnlyList<string> OptimiserStateNames => _optimiser.StateNames;

    /// <summary>
    /// Applies round <c>state.Version + 1</c>. The sums must carry the weights of contrastive divergence already: +1/n on
    /// the data's side, -1/n on the negatives' (so that their sum is the gradient to descend on).
    /// </summary>
    /// <param name="state">
    /// Advanced to the next version: a new tensor of parameters, everything else in place. The previous parameters are
    /// returned, and are the caller's to dispose when nobody reads that version any more.
    /// </param>
    /// <param name="data">Sum over the data batch; only read.</param>
    /// <param name="negatives">Sum over the negatives; only read.</param>
    /// <param name="chains">What the chains reported.</param>
    /// <exception cref="NonFiniteException">
    /// Energies, states or gradient are not finite (the state is untouched), or the new parameters are not (it is not the
    /// state of any version then, and is to be disposed of).
    /// </exception>
    public (RoundFigures Figures, Tensor Previous) Apply(
        TrainerState state, PhaseSum data, PhaseSum negatives, ChainFigures chains)
    {
        using var scope = NewDisposeScope();
        var round = state.Version + 1;
        var gradient = data.Gradient.add(negatives.Gradient);
        var figures = GradientFigures.Measure(gradient, data, negatives);
        Check(figures, gradient, chains, round);

        if (_centred is not null && state.Offsets is { } offsets)
        {
            _centred.Follow(offsets, data.Gradient);
            _centred.Apply(offsets, gradient);
            figures = figures with { Norm = GradientFigures.NormOf(gradient) };
        }

        figures.Clip(gradient, _learning.GradientClip);
        var rate = _schedule.At(round);
        var parameters = state.Parameters.clone();
        _optimiser.Step(parameters, gradient, rate, state.Optimiser);
        if (_sparsity.IsActive)
        {
            _sparsity.Apply(parameters, state.Parameters, rate, round);
        }

        var norm = GradientFigures.NormOf(parameters);
        if (!double.IsFinite(norm))
        {
            throw NonFiniteException.In(
                parameters, _layout, round, "updated value", figures.EnergyData, figures.EnergyNegatives);
        }

        if (state.Average is { } average)
        {
            ParameterAverage.Update(average, parameters, _learning.Ema);
        }

        var tuning = _sampler.Adapt(state.TuningOf(round - 1 - _learning.Lag), chains, round);
        return (Figures(round, state.Attempt, figures, norm, rate, chains), state.Advance(parameters, tuning, _learning.Lag + 1));
    }

    private void Check(GradientFigures figures, Tensor gradient, ChainFigures chains, long round)
    {
        if (chains.NonFinite > 0)
        {
            throw new NonFiniteException(
                $"Round {round}: {chains.NonFinite} of {chains.Chains} chains ended in a state that is not finite. The sampler "
                + "is unstable: lower sampler.stepSize or set sampler.gradientClip.");
        }

        if (!double.IsFinite(figures.Norm))
        {
            throw NonFiniteException.In(
                gradient, _layout, round, "gradient", figures.EnergyData, figures.EnergyNegatives);
        }

        if (!figures.IsFinite)
        {
            throw new NonFiniteException(
                $"Round {round}: the mean energy of the data is {figures.EnergyData:g6}, of the negatives "
                + $"{figures.EnergyNegatives:g6}, while the gradient is finite. Training has diverged: lower the learning rate.");
        }
    }

    private static RoundFigures Figures(
        long round, int attempt, GradientFigures gradient, double parameterNorm, double rate, ChainFigures chains) => new()
        {
            Round = round,
            Attempt = attempt,
            EnergyData = gradient.EnergyData,
            EnergyNegatives = gradient.EnergyNegatives,
            GradientNorm = gradient.Norm,
            ParameterNorm = parameterNorm,
            Rate = rate,
            Acceptance = Known(chains.Acceptance),
            StateGradientNorm = Known(chains.GradientNorm),
            JumpDistance = Known(chains.JumpDistance),
            SwapAcceptance = Known(chains.SwapAcceptance),
            Reinitialised = chains.Reinitialised,
        };

    private static double? Known(double figure) => double.IsNaN(figure) ? null : figure;
}
