using Ebm.Core.Diagnostics;
using Ebm.Core.Spec;

namespace Ebm.Core.Recovery;

/// <summary>
/// Tells from the figures of rounds whether learning has diverged. A function of its arguments; holds constants only.
/// What is judged is a median over a window, so that no single round decides, but for a gradient that outdoes all
/// before it. Growth is compared with the run's own history, robustly; the other limits are of figures without a unit,
/// in which runs of any energy compare.
/// </summary>
/// <param name="spec">Limits and window.</param>
/// <param name="features">Numbers in a state.</param>
public sealed class DivergenceDetector(RecoverySpec spec, int features)
{
    /// <summary>Windows that the history is made of.</summary>
    public const int Stretches = 20;

    /// <summary>Windows before growth is judged: what comes out of initial parameters grows by itself.</summary>
    private const int FewestStretches = 5;

    /// <summary>Growth counts only if it is beyond this many standard deviations of the history.</summary>
    private const double Deviations = 10;

    private readonly RecoveryLimitsSpec _limits = spec.Limits;

    /// <summary>Rounds from which on a breach is sure to be seen: what lies further back was healthy.</summary>
    public long Proof => 2L * spec.Window;

    /// <summary>What is remembered after a round, and the limit that it broke, if any.</summary>
    /// <param name="state">What was remembered before it.</param>
    /// <param name="figures">The round.</param>
    /// <param name="driftPerGradient">
    /// Drift of a step in units of its noise, for a norm of dE/dx of 1; null where the sampler has no such measure.
    /// </param>
    public (DetectorState State, LimitViolation? Breach) Observe(
        DetectorState state, RoundMetrics figures, double? driftPerGradient)
    {
        var row = MonitoredMetrics.Of(figures, features);
        var spike = Spike(state, row, figures.Round);
        List<double[]> recent = [.. state.Recent.Skip(state.Recent.Count == spec.Window ? 1 : 0), row];
        if (recent.Count < spec.Window)
        {
            return (state with { Recent = recent }, spike);
        }

        var medians = Medians(recent);
        var breach = spike ?? Sustained(medians, figures.Round, driftPerGradient)
            ?? Growth(medians, state.Past, figures.Round);
        var past = figures.Round % spec.Window != 0 ? state.Past
            : [.. state.Past.Skip(state.Past.Count == Stretches ? 1 : 0), medians];
        return (new DetectorState(recent, past), breach);
    }

    private LimitViolation? Spike(DetectorState state, double[] row, long round)
    {
        if (state.Recent.Count < spec.Window)
        {
            return null;
        }

        var ratio = row[MonitoredMetrics.Gradient] / RobustHistory.Median(
            state.Recent.Select(r => r[MonitoredMetrics.Gradient]));
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
        ?? Above(
            round, ViolationKind.Lead, "the energy gap E+ - E- over the energies' spread",
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
                && Above(
                    round, kind, $"{name} over that of the rounds before", medians[column] / usual,
                    _limits.Growth) is { } breach)
            {
                return breach;
            }
        }

        return null;
    }

    private static LimitViolation? Above(long round, ViolationKind kind, string figure, double value, double limit) =>
        value > limit ? new LimitViolation(round, kind, figure, value, limit) : null;

    private static double[] Medians(List<double[]> rows) =>
        [.. Enumerable.Range(0, MonitoredMetrics.Count)
            .Select(column => RobustHistory.Median(rows.Select(r => r[column])))];
}
