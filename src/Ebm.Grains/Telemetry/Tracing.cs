using System.Diagnostics;

namespace Ebm.Grains.Telemetry;

/// <summary>Spans of the catalogue. Without a listener there are none, at no cost.</summary>
internal static class Tracing
{
    private static readonly ActivitySource Spans = new(Catalogue.Source);

    /// <summary>Begins a span below the current one; null where the trace is not kept.</summary>
    public static Activity? Start(SpanEntry span) => Spans.StartActivity(span.Name);

    /// <summary>
    /// Begins a span below the current one, or a trace of its own where that of the current one is not kept.
    /// </summary>
    public static Activity? StartOwn(SpanEntry span)
    {
        if (Activity.Current is not { Recorded: true })
        {
            Activity.Current = null;
        }

        return Start(span);
    }

    /// <summary>Begins a span that asks another system, Redis.</summary>
    public static Activity? StartCall(SpanEntry span) => Spans.StartActivity(span.Name, ActivityKind.Client);

    /// <summary>
    /// Begins a trace, or continues that of <paramref name="parent"/>, whatever the current span is, which stays the
    /// current one.
    /// </summary>
    /// <param name="span">Its root.</param>
    /// <param name="parent">The span above it, in this process or another; the default is none.</param>
    /// <param name="reason">Why it is kept whatever the ratio; null where the ratio decides.</param>
    /// <param name="link">What else it belongs to.</param>
    public static Activity? StartTrace(SpanEntry span, ActivityContext parent, string? reason, ActivityContext? link)
    {
        var current = Activity.Current;
        Activity.Current = null;
        try
        {
            return Spans.StartActivity(
                span.Name,
                ActivityKind.Internal,
                parent,
                reason is null ? null : [new(Catalogue.Reason.Name, reason)],
                link is { } to ? [new ActivityLink(to)] : null);
        }
        finally
        {
            Activity.Current = current;
        }
    }

    /// <summary>Sets an attribute.</summary>
    public static Activity? With(this Activity? activity, AttributeEntry attribute, object? value) =>
        activity?.SetTag(attribute.Name, value);

    /// <summary>
    /// Marks a span as failed, and keeps it and those above it in this process, whatever the ratio said.
    /// </summary>
    public static void Fail(this Activity? activity, Exception e)
    {
        activity?.SetStatus(ActivityStatusCode.Error, e.Message);
        activity?.AddException(e);
        for (var kept = activity; kept is not null; kept = kept.Parent)
        {
            kept.ActivityTraceFlags |= ActivityTraceFlags.Recorded;
        }
    }
}
