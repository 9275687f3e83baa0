using Ebm.Core.Datasets;
using Ebm.Core.Diagnostics;
using Ebm.Core.Energies;
using Ebm.Core.Native;
using Ebm.Core.Recovery;
using Ebm.Core.Sampling;
using Ebm.Core.Spec;
using static TorchSharp.torch;

namespace Ebm.Core.Learning;

/// <summary>
/// Contrastive divergence: computes the next version from the sums of a round. Pure, on one lane and any device; holds
/// constants only.
/// </summary>
internal sealed class Trainer
{
    private readonly ParameterLayout _layout;
    private readonly FlatOptimiser _optimiser;
    private readonly RateSchedule _schedule;
    private readonly CentredGradient? _centred;
    private readonly Sparsity _sparsity;
    private readonly TrainerOptions _options;
    private readonly DivergenceDetector? _detector;

    /// <summary>Creates a trainer of the parameters of a layout.</summary>
    public Trainer(ParameterLayout layout, TrainerOptions options)
    {
        (_layout, _options) = (layout, options);
        var learning = options.Learning;
        _detector = options.Recovery.OnDivergence == OnDivergence.Ignore
            ? null
            : new DivergenceDetector(options.Recovery, options.Features);
        _optimiser = FlatOptimiser.From(learning.Optimiser, learning.WeightDecay);
        _schedule = new RateSchedule(learning, options.Rounds);
        _sparsity = new Sparsity(layout, learning);
        _centred = options.OffsetRate is { } rate ? new CentredGradient(layout, rate) : null;
    }

    /// <summary>
    /// The state at version 0 of an attempt; copies <paramref name="parameters"/> [layout.Length] to the device.
    /// </summary>
    public TrainerState Initialise(Tensor parameters, DataSummary data, Device device, int attempt = 0)
    {
        using var scope = NewDisposeScope();
        var flat = parameters.to(ScalarType.Float32).to(device, copy: true);
        return new TrainerState(
            attempt, version: 0, flat, _optimiser.Initialise(flat),
            _options.Learning.Ema > 0 ? flat.clone() : null, _centred?.Initialise(data, device),
            [_options.Sampler.InitialTuning],
            RecoveryState.None, EnergyWindow.Begin(_options.Negatives, device));
    }

    /// <summary>Names of the tensors of the optimiser's state, to read them from a checkpoint.</summary>
    public IReadOnlyList<string> OptimiserStateNames => _optimiser.StateNames;

    /// <summary>
    /// Applies round <c>state.Version + 1</c>. The sums carry the weights of contrastive divergence: +1/n in the
    /// positive phase, -1/n in the negative phase, so their sum is the gradient to descend.
    /// </summary>
    /// <param name="state">
    /// Advanced to the next version: a new tensor of parameters, everything else in place. The previous parameters are
    /// returned; the caller disposes of them when that version has no readers.
    /// </param>
    /// <param name="data">Sum over the data batch; not modified.</param>
    /// <param name="negatives">Sum over the negatives; not modified.</param>
    /// <param name="chains">Metrics of the chains.</param>
    /// <exception cref="NonFiniteException">
    /// Energies, states or gradient are not finite (the state is unchanged), or the new parameters are not (the state
    /// is invalid; dispose of it).
    /// </exception>
    public AppliedRound Apply(
        TrainerState state, PhaseSum data, PhaseSum negatives, ChainMetrics chains)
    {
        using var scope = NewDisposeScope();
        var round = state.Version + 1;
        Check(chains, round);
        var gradient = data.Gradient.Plus(negatives.Gradient);
        var metrics = GradientMetrics.Measure(gradient, data, negatives);
        Check(metrics, gradient, round);

        if (_centred is not null && state.Offsets is { } offsets)
        {
            _centred.Follow(offsets, data.Gradient);
            _centred.Apply(offsets, gradient);
            metrics = metrics with { Norm = GradientMetrics.NormOf(gradient) };
        }

        metrics.Clip(gradient, _options.Learning.GradientClip);
        var rate = _schedule.At(round) * RecoveryPolicy.RateShare(_options.Recovery, state.Recovery.Rollbacks);
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
                parameters, _layout, round, "updated value", metrics.Data.Mean, metrics.Negatives.Mean);
        }

        if (state.Average is { } average)
        {
            ParameterAverage.Update(average, parameters, _options.Learning.Ema);
        }

        var tuning = _options.Sampler.Adapt(state.TuningOf(round - 1 - _options.Learning.Lag), chains, round);
        var mixing = RecordEnergies(state, round, negatives);
        var changed = _options.SamplerOf(state.Recovery.Rollbacks);
        var reported = Report(round, state.Attempt, metrics, norm, rate, chains, mixing) with
        {
            SamplerSteps = changed?.Transitions() ?? _options.Sampler.Steps,
        };
        var drift = (changed as LangevinSpec)?.DriftPerGradient(_options.Features);
        var (detector, violation) = _detector?.Observe(state.Recovery.Watch, reported, drift)
            ?? (state.Recovery.Watch, null);
        return new AppliedRound(
            reported, state.Advance(parameters, tuning, _options.Learning.Lag + 1, detector), violation);
    }

    /// <summary>Records the chains' energies, and diagnoses their mixing when due.</summary>
    private ConvergenceDiagnostics? RecordEnergies(TrainerState state, long round, PhaseSum negatives)
    {
        if (state.Energies is not { } window)
        {
            return null;
        }

        EnergyWindow.Record(window, round, negatives.Energies);
        return EnergyWindow.IsDue(round, _options.MetricsEvery, _options.Rounds)
            ? EnergyWindow.Diagnose(window, round)
            : null;
    }

    /// <summary>Checks that all states of the chains are finite.</summary>
    /// <exception cref="NonFiniteException">A state is not finite.</exception>
    public static void Check(ChainMetrics chains, long round)
    {
        if (chains.NonFinite > 0)
        {
            throw NonFiniteException.InChains(chains, round);
        }
    }

    private void Check(GradientMetrics metrics, Tensor gradient, long round)
    {
        if (!double.IsFinite(metrics.Norm))
        {
            throw NonFiniteException.In(
                gradient, _layout, round, "gradient", metrics.Data.Mean, metrics.Negatives.Mean);
        }

        if (!metrics.IsFinite)
        {
            throw NonFiniteException.InEnergies(round, metrics.Data.Mean, metrics.Negatives.Mean);
        }
    }

    private static RoundMetrics Report(
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

    private static double? Known(double? value) => value is double.NaN ? null : value;
}

/// <summary>Result of an update.</summary>
/// <param name="Metrics">Metrics of the round.</param>
/// <param name="Previous">Parameters of the previous version; owned by the caller.</param>
/// <param name="Violation">Violated limit of the round, if any: then the new version must not be used.</param>
internal readonly record struct AppliedRound(RoundMetrics Metrics, Tensor Previous, LimitViolation? Violation);
