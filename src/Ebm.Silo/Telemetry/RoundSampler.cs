using System.Diagnostics;
using Ebm.Grains.Telemetry;
using OpenTelemetry.Trace;

namespace Ebm.Silo.Telemetry;

/// <summary>
/// Which traces are kept: what belongs to a kept one; of rounds a share, chosen by the trace's id, and those that say
/// why they are to be kept; all that a person or a failure begins. Whatever else begins a trace (signs of life, clients
/// that watch, the membership) is dropped.
/// </summary>
/// <param name="ratio">The share of rounds.</param>
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
            return new SamplingResult(
                parent.TraceFlags.HasFlag(ActivityTraceFlags.Recorded)
                    ? SamplingDecision.RecordAndSample
                    : SamplingDecision.Drop);
        }

        if (samplingParameters.Name != Catalogue.RoundSpan.Name)
        {
            return new SamplingResult(Roots.Contains(samplingParameters.Name)
                ? SamplingDecision.RecordAndSample
                : SamplingDecision.Drop);
        }

        // A round that is not chosen is recorded all the same, by this process alone: it is kept after all if it fails.
        return HasReason(samplingParameters.Tags)
            || _share.ShouldSample(samplingParameters).Decision == SamplingDecision.RecordAndSample
            ? new SamplingResult(SamplingDecision.RecordAndSample)
            : new SamplingResult(SamplingDecision.RecordOnly);
    }

    private static bool HasReason(IEnumerable<KeyValuePair<string, object?>>? tags) =>
        tags is not null && tags.Any(t => t.Key == Catalogue.Reason.Name);
}
