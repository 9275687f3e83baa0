using System.Diagnostics;
using Ebm.Core.Diagnostics;

namespace Ebm.Grains.Telemetry;

/// <summary>
/// The traces of an epoch's rounds. A round's begins with its first order, which with a lag is while the round before
/// is still being worked on; so each span names the one above it. Used from the parameter server's turns only.
/// </summary>
/// <param name="run">The run.</param>
/// <param name="epoch">The parameter server's epoch.</param>
/// <param name="cause">What the epoch was begun in: its first round belongs to that trace, where it is kept.</param>
/// <param name="submitted">W3C trace context of the call that submitted the run: all rounds link to it.</param>
/// <param name="first">The epoch's first round.</param>
internal sealed class RoundTraces(string run, long epoch, Activity? cause, string? submitted, long first)
{
    /// <summary>Rounds at the beginning of an epoch that are kept whatever the ratio.</summary>
    private const int AlwaysKept = 3;

    private readonly Dictionary<long, Activity?> _rounds = [];
    private readonly ActivityContext _parent = cause is { Recorded: true } ? cause.Context : default;
    private readonly ActivityContext? _submitted =
        ActivityContext.TryParse(submitted, null, isRemote: true, out var link) ? link : null;

    /// <summary>Makes a round's span the current one, and begins it if need be.</summary>
    public Activity? Enter(long round, int attempt, bool checkpoint)
    {
        if (!_rounds.TryGetValue(round, out var span))
        {
            var reason = round < first + AlwaysKept ? "first" : checkpoint ? "checkpoint" : null;
            span = Tracing.StartTrace(Catalogue.RoundSpan, round == first ? _parent : default, reason, _submitted)
                .With(Catalogue.Run, run).With(Catalogue.Round, round).With(Catalogue.Attempt, attempt)
                .With(Catalogue.Epoch, epoch);
            _rounds.Add(round, span);
        }

        Activity.Current = span;
        return span;
    }

    /// <summary>All that follows a round's update is done.</summary>
    public void End(RoundMetrics figures)
    {
        if (_rounds.Remove(figures.Round, out var span))
        {
            span.With(Catalogue.Gap, figures.Gap).With(Catalogue.Norm, figures.GradientNorm)?.Dispose();
        }
    }

    /// <summary>The rounds that have begun have failed: what there is of their traces is kept.</summary>
    public void Fail(Exception failure)
    {
        foreach (var span in _rounds.Values)
        {
            span.With(Catalogue.Reason, "failure").Fail(failure);
        }
    }

    /// <summary>The epoch has ended, and with it the rounds that had begun.</summary>
    public void End()
    {
        foreach (var span in _rounds.Values)
        {
            span?.Dispose();
        }

        _rounds.Clear();
        Activity.Current = null;
    }
}
