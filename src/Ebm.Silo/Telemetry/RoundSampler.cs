using System.Diagnostics;
using Ebm.Grains.Telemetry;
using OpenTelemetry.Trace;

namespace Ebm.Silo.Telemetry;

/// <summary>
/// Samples traces. It keeps the spans of a kept trace; a share of the rounds, chosen by trace id; rounds that are
/// tagged with a reason; and traces that start with a user's request or a takeover. It drops all other traces:
/// heartbeats, following clients, membership.
/// </summary>
/// <param name="ratio">The share of rounds, in [0, 1].</param>
internal sealed class RoundSampler(double ratio) : Sampler
{
    private static readonly HashSet<string> Roots = [Catalogue.SubmitSpan.Name, Catalogue.TakeOverSpan.Name];

    private readonly TraceIdRatioBasedSampler _share = new(ratio);

    /// <inheritdoc/>
    public override SamplingResult ShouldSample(in SamplingParameters samplingParameters)
    {
        var parent = samplingParameters.ParentContext;
        if (parent.TraceId != default)
        {
            return SampleOrDrop(parent.TraceFlags.HasFlag(ActivityTraceFlags.Recorded));
        }

        if (samplingParameters.Name != Catalogue.RoundSpan.Name)
        {
            return SampleOrDrop(Roots.Contains(samplingParameters.Name));
        }

        // This process records the other rounds too, and keeps those that fail.
        return HasReason(samplingParameters.Tags)
            || _share.ShouldSample(samplingParameters).Decision == SamplingDecision.RecordAndSample
                ? new SamplingResult(SamplingDecision.RecordAndSample)
                : new SamplingResult(SamplingDecision.RecordOnly);
    }

    private static SamplingResult SampleOrDrop(bool sample) =>
        new(sample ? SamplingDecision.RecordAndSample : SamplingDecision.Drop);

    private static bool HasReason(IEnumerable<KeyValuePair<string, object?>>? tags) =>
        tags is not null && tags.Any(t => t.Key == Catalogue.Reason.Name);
}
