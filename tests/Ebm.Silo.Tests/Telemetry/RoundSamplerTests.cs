using System.Diagnostics;
using Ebm.Grains.Telemetry;
using Ebm.Silo.Telemetry;
using OpenTelemetry.Trace;

namespace Ebm.Silo.Tests.Telemetry;

public sealed class RoundSamplerTests
{
    private static readonly ActivityTraceId Trace = ActivityTraceId.CreateRandom();

    [Theory]
    [InlineData(ActivityTraceFlags.Recorded, SamplingDecision.RecordAndSample)]
    [InlineData(ActivityTraceFlags.None, SamplingDecision.Drop)]
    public void ShouldSample_ASpanInATrace_FollowsTheTrace(ActivityTraceFlags flags, SamplingDecision expected)
    {
        var parent = new ActivityContext(Trace, ActivitySpanId.CreateRandom(), flags);

        Assert.Equal(expected, Decision(0.5, Catalogue.RoundSpan.Name, parent));
    }

    [Fact]
    public void ShouldSample_ATraceWithoutAParent_KeepsRequestsAndTakeoversAlone()
    {
        Assert.Equal(SamplingDecision.RecordAndSample, Decision(0, Catalogue.SubmitSpan.Name));
        Assert.Equal(SamplingDecision.RecordAndSample, Decision(0, Catalogue.TakeOverSpan.Name));
        Assert.Equal(SamplingDecision.Drop, Decision(1, "IMembershipService/Probe"));
    }

    [Theory]
    [InlineData(0, SamplingDecision.RecordOnly)]
    [InlineData(1, SamplingDecision.RecordAndSample)]
    public void ShouldSample_ARound_KeepsTheShareAndRecordsTheRest(double ratio, SamplingDecision expected) =>
        Assert.Equal(expected, Decision(ratio, Catalogue.RoundSpan.Name));

    [Fact]
    public void ShouldSample_ARoundWithAReason_KeepsIt() => Assert.Equal(
        SamplingDecision.RecordAndSample,
        Decision(0, Catalogue.RoundSpan.Name, default, new KeyValuePair<string, object?>(Catalogue.Reason.Name, "x")));

    private static SamplingDecision Decision(
        double ratio, string name, ActivityContext parent = default, params KeyValuePair<string, object?>[] tags)
    {
        var parameters = new SamplingParameters(parent, Trace, name, ActivityKind.Internal, tags, null);
        return new RoundSampler(ratio).ShouldSample(parameters).Decision;
    }
}
