using Ebm.Core.Diagnostics;
using Ebm.Core.Spec;

namespace Ebm.Core.Recovery;

/// <summary>
/// Detects divergence from the metrics of rounds. Pure: holds constants only. It judges medians over a window, so a
/// single round does not decide; the exception is a gradient far larger than all recent ones. Growth is relative to the
/// run's own history, by robust statistics. The other limits apply to dimensionless metrics, which are comparable
/// between energies.
/// </summary>
/// <param name="spec">Limits and window.</param>
/// <param name="features">Numbers in a state.</param>
internal sealed class DivergenceDetector(RecoverySpec spec, int features)
{
    /// <summary>Windows in the history.</summary>
    public const int Stretches = 20;

    /// <summary>Windows before growth is judged: metrics of freshly initialised parameters grow in every run.</summary>
    private const int FewestStretches = 5;

    /// <summary>Growth counts only beyond this many standard deviations of the history.</summary>
    private const double Deviations = 10;

    private readonly RecoveryLimitsSpec _limits = spec.Limits;

    /// <summary>Detection delay in rounds: a run without a violation was healthy this many rounds ago.</summary>
    public long DetectionDelay => 2L * spec.Window;

    /// <summary>Adds a round to the history and checks the limits.</summary>
    /// <param name="state">History before the round.</param>
    /// <param name="metrics">Metrics of the round.</param>
    /// <param name="driftPerGradient">
    /// Drift of a Langevin step in units of its noise, for a norm of dE/dx of 1; null for samplers without this
    /// measure.
    /// </param>
    public (DetectorState State, LimitViolation? Violation) Observe(
        DetectorState state, RoundMetrics metrics, double? driftPerGradient)
    {
        var row = MonitoredMetrics.Of(metrics, features);
        var spike = Spike(state, row, metrics.Round);
        List<double[]> recent = [.. state.Recent.Skip(state.Recent.Count == spec.Window ? 1 : 0), row];
        if (recent.Count < spec.Window)
        {
            return (state with { Recent = recent }, spike);
        }

        var medians = Medians(recent);
        var violation = spike
            ?? Sustained(medians, metrics.Round, driftPerGradient)
            ?? Growth(medians, state.Past, metrics.Round);
        var past = metrics.Round % spec.Window != 0 ? state.Past
            : [.. state.Past.Skip(state.Past.Count == Stretches ? 1 : 0), medians];
        return (new DetectorState(recent, past), violation);
    }

    private LimitViolation? Spike(DetectorState state, double[] row, long round)
    {
        if (state.Recent.Count < spec.Window)
        {
            return null;
        }

        var usual = RobustHistory.Median(state.Recent.Select(r => r[MonitoredMetrics.Gradient]));
        var ratio = row[MonitoredMetrics.Gradient] / usual;
        return Above(
            round, ViolationKind.Spike, "the gradient's norm over that of the rounds before", ratio, _limits.Spike);
    }

    private LimitViolation? Sustained(double[] medians, long round, double? driftPerGradient) =>
        Above(round, ViolationKind.Drift, "the drift of a Langevin step over its noise",
            medians[MonitoredMetrics.StateGradient] * (driftPerGradient ?? double.NaN), _limits.Drift)
        ?? (medians[MonitoredMetrics.Acceptance] < _limits.Acceptance
            ? new LimitViolation(
                round, ViolationKind.Acceptance, "the share of accepted proposals",
                medians[MonitoredMetrics.Acceptance], _limits.Acceptance)
            : null)
        ?? Above(round, ViolationKind.Lead, "the energy gap E+ - E- over the energies' spread",
            medians[MonitoredMetrics.Lead], _limits.Lead)
        ?? Above(round, ViolationKind.Gap, "the energy gap |E+ - E-| over the root of the number of features",
            Math.Abs(medians[MonitoredMetrics.Gap]), _limits.Gap);

    private LimitViolation? Growth(double[] medians, IReadOnlyList<double[]> past, long round)
    {
        if (past.Count < FewestStretches)
        {
            return null;
        }

        foreach (var (column, name, kind) in MonitoredMetrics.Growing)
        {
            double[] history = [.. past.Select(p => p[column])];
            var usual = RobustHistory.Median(history);
            if (medians[column] - usual > Deviations * RobustHistory.Spread(history, usual)
                && medians[column] / usual is var growth
                && $"{name} over that of the rounds before" is var metric
                && Above(round, kind, metric, growth, _limits.Growth) is { } violation)
            {
                return violation;
            }
        }

        return null;
    }

    private static LimitViolation? Above(long round, ViolationKind kind, string metric, double value, double limit) =>
        value > limit ? new LimitViolation(round, kind, metric, value, limit) : null;

    private static double[] Medians(List<double[]> rows) =>
    [
        .. from column in Enumerable.Range(0, MonitoredMetrics.Count)
           select RobustHistory.Median(rows.Select(r => r[column])),
    ];
}
