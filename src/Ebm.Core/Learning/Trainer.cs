using Ebm.Core.Datasets;
using Ebm.Core.Diagnostics;
using Ebm.Core.Energies;
using Ebm.Core.Native;
using Ebm.Core.Recovery;
using Ebm.Core.Registry;
using Ebm.Core.Sampling;
using Ebm.Core.Spec;
using static TorchSharp.torch;

namespace Ebm.Core.Learning;

/// <summary>
/// Contrastive divergence: turns the sums of a round into the next version. A function of its arguments, on one lane
/// and any device; holds constants only.
/// </summary>
public sealed class Trainer
{
    private readonly ParameterLayout _layout;
    private readonly LearningSpec _learning;
    private readonly FlatOptimiser _optimiser;
    private readonly RateSchedule _schedule;
    private readonly CentredGradient? _centred;
    private readonly ISampler _sampler;
    private readonly Sparsity _sparsity;
    private readonly RunSpec _spec;
    private readonly int _features;
    private readonly DivergenceDetector? _watch;
    private readonly long _rounds;

    /// <summary>The update rule of a run.</summary>
    /// <param name="layout">The energy's layout.</param>
    /// <param name="spec">The run.</param>
    /// <param name="rounds">Rounds in total.</param>
    /// <param name="features">Numbers in a state.</param>
    public Trainer(ParameterLayout layout, RunSpec spec, long rounds, int features)
    {
        (_layout, _learning, _spec, _rounds, _features) = (layout, spec.Learning, spec, rounds, features);
        _watch = spec.Recovery.OnDivergence == OnDivergence.Ignore
            ? null
            : new DivergenceDetector(spec.Recovery, features);
        _sampler = SamplerFactory.Create(spec.Sampler);
        _optimiser = FlatOptimiser.From(_learning.Optimiser, _learning.WeightDecay);
        _schedule = new RateSchedule(_learning, rounds);
        _sparsity = new Sparsity(layout, _learning);
        _centred = spec.Energy is RbmSpec { Centred: true } rbm ? new CentredGradient(layout, rbm.OffsetRate) : null;
    }

    /// <summary>
    /// Version 0 of an attempt: takes a copy of <paramref name="parameters"/> [layout.Length] to the device.
    /// </summary>
    public TrainerState Initialise(Tensor parameters, DataSummary data, Device device, int attempt = 0)
    {
        using var scope = NewDisposeScope();
        var flat = parameters.to(ScalarType.Float32).to(device, copy: true);
        return new TrainerState(
            attempt, version: 0, flat, _optimiser.Initialise(flat),
            _learning.Ema > 0 ? flat.clone() : null, _centred?.Initialise(data, device), [_sampler.InitialTuning],
            RecoveryState.None, EnergyWindow.Begin(_spec.Negatives, device));
    }

    /// <summary>Names of the tensors that the optimiser keeps, to read them from a checkpoint.</summary>
    public IReadOnlyList<string> OptimiserStateNames => _optimiser.StateNames;

    /// <summary>
    /// Applies round <c>state.Version + 1</c>. The sums must carry the weights of contrastive divergence already: +1/n
    /// on the data's side, -1/n on the negatives' (so that their sum is the gradient to descend on).
    /// </summary>
    /// <param name="state">
    /// Advanced to the next version: a new tensor of parameters, everything else in place. The previous parameters are
    /// returned, and are the caller's to dispose when nobody reads that version any more.
    /// </param>
    /// <param name="data">Sum over the data batch; only read.</param>
    /// <param name="negatives">Sum over the negatives; only read.</param>
    /// <param name="chains">What the chains reported.</param>
    /// <exception cref="NonFiniteException">
    /// Energies, states or gradient are not finite (the state is untouched), or the new parameters are not (it is not
    /// the state of any version then, and is to be disposed of).
    /// </exception>
    public AppliedRound Apply(
        TrainerState state, PhaseSum data, PhaseSum negatives, ChainMetrics chains)
    {
        using var scope = NewDisposeScope();
        var round = state.Version + 1;
        Check(chains, round);
        var gradient = data.Gradient.Plus(negatives.Gradient);
        var figures = GradientMetrics.Measure(gradient, data, negatives);
        Check(figures, gradient, round);

        if (_centred is not null && state.Offsets is { } offsets)
        {
            _centred.Follow(offsets, data.Gradient);
            _centred.Apply(offsets, gradient);
            figures = figures with { Norm = GradientMetrics.NormOf(gradient) };
        }

        figures.Clip(gradient, _learning.GradientClip);
        var rate = _schedule.At(round) * RecoveryPolicy.RateShare(_spec.Recovery, state.Recovery.Rollbacks);
        var parameters = state.Parameters.clone();
        _optimiser.Step(parameters, gradient, rate, state.Optimiser);
        if (_sparsity.IsActive)
        {
            _sparsity.Apply(parameters, state.Parameters, rate, round);
        }

        var norm = GradientMetrics.NormOf(parameters);
        if (!double.IsFinite(norm))
        {
            throw NonFiniteException.In(
                parameters, _layout, round, "updated value", figures.Data.Mean, figures.Negatives.Mean);
        }

        if (state.Average is { } average)
        {
            ParameterAverage.Update(average, parameters, _learning.Ema);
        }

        var tuning = _sampler.Adapt(state.TuningOf(round - 1 - _learning.Lag), chains, round);
        var mixing = Follow(state, round, negatives);
        var sampler = RecoveryPolicy.Sampler(state.Recovery.Rollbacks).Apply(_spec.Sampler, _spec.Recovery);
        var told = Figures(
            round, state.Attempt, figures, norm, rate, chains, mixing) with { SamplerSteps = sampler.Transitions() };
        var (watch, breach) = _watch?.Observe(
            state.Recovery.Watch, told, (sampler as LangevinSpec)?.DriftPerGradient(_features))
            ?? (state.Recovery.Watch, null);
        return new AppliedRound(told, state.Advance(parameters, tuning, _learning.Lag + 1, watch), breach);
    }

    /// <summary>Takes note of the chains' energies, and says how they mix when that is due.</summary>
    private ConvergenceDiagnostics? Follow(TrainerState state, long round, PhaseSum negatives)
    {
        if (state.Energies is not { } window)
        {
            return null;
        }

        EnergyWindow.Record(window, round, negatives.Energies);
        return EnergyWindow.IsDue(round, _spec.Output.MetricsEvery, _rounds)
            ? EnergyWindow.Diagnose(window, round)
            : null;
    }

    /// <summary>Checks that what chains report is something to learn from.</summary>
    /// <exception cref="NonFiniteException">States are not finite: there is nothing to be made of them.</exception>
    public static void Check(ChainMetrics chains, long round)
    {
        if (chains.NonFinite > 0)
        {
            throw NonFiniteException.InChains(chains, round);
        }
    }

    private void Check(GradientMetrics figures, Tensor gradient, long round)
    {
        if (!double.IsFinite(figures.Norm))
        {
            throw NonFiniteException.In(
                gradient, _layout, round, "gradient", figures.Data.Mean, figures.Negatives.Mean);
        }

        if (!figures.IsFinite)
        {
            throw NonFiniteException.InEnergies(round, figures.Data.Mean, figures.Negatives.Mean);
        }
    }

    private static RoundMetrics Figures(
        long round, int attempt, GradientMetrics gradient, double parameterNorm, double rate, ChainMetrics chains,
        ConvergenceDiagnostics? mixing) => new()
        {
            Round = round,
            Attempt = attempt,
            EnergyData = gradient.Data.Mean,
            EnergyNegatives = gradient.Negatives.Mean,
            MedianGap = gradient.Data.Median - gradient.Negatives.Median,
            EnergySpreadData = gradient.Data.Spread,
            EnergySpreadNegatives = gradient.Negatives.Spread,
            GradientNorm = gradient.Norm,
            ParameterNorm = parameterNorm,
            Rate = rate,
            Acceptance = Known(chains.Acceptance),
            StateGradientNorm = Known(chains.GradientNorm),
            JumpDistance = Known(chains.JumpDistance),
            SwapAcceptance = Known(chains.SwapAcceptance),
            Reinitialised = chains.Reinitialised,
            RHat = Known(mixing?.RHat),
            EssBulk = Known(mixing?.BulkEss),
            EssTail = Known(mixing?.TailEss),
        };

    private static double? Known(double? figure) => figure is double.NaN ? null : figure;
}

/// <summary>What an update gave.</summary>
/// <param name="Figures">The round's figures.</param>
/// <param name="Previous">The parameters of the version before; the caller's.</param>
/// <param name="Breach">A limit that the round broke: what was made then is not to be built upon.</param>
public readonly record struct AppliedRound(RoundMetrics Figures, Tensor Previous, LimitViolation? Breach);
