using Ebm.Contracts.Chains;
using Ebm.Contracts.Epochs;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;

namespace Ebm.Grains.Tests.Epochs;

public sealed class RewindCauseTests
{
    private static readonly RewindCause OutOfStep = new()
    {
        Reason = RewindReason.ShardOutOfStep,
        Shard = 2,
        Round = 7,
        Got = 5,
        Outcome = AdvanceOutcome.Gap,
    };

    public static TheoryData<object, string> Texts => new()
    {
        { OutOfStep, "shard 2 was asked for round 7 and is at round 5 (Gap)" },
        { OutOfStep with { Problem = "checksum" }, "shard 2 was asked for round 7 and is at round 5 (Gap): checksum" },
        {
            new RewindCause { Reason = RewindReason.CheckpointLost, Round = 30 },
            "the checkpoint of round 30 is missing or altered; computing its rounds again"
        },
        { new RewindCause { Reason = RewindReason.CorruptRecord, Problem = "no copy" }, "no copy" },
        { new RewindCause { Reason = RewindReason.Divergence, Round = 50 }, "diverged at round 50" },
        { new RewindCause { Reason = RewindReason.ServerLost }, "the parameter server was lost" },
        {
            new RewindCause { Reason = RewindReason.Handover, Round = 7 },
            "the parameter server's silo stops; it handed over after round 7"
        },
        { new RewindCause { Reason = RewindReason.Unspecified, Problem = "a text" }, "a text" },
    };

    [Theory]
    [MemberData(nameof(Texts))]
    public void ToString_OfACause_NamesItsNumbers(object cause, string text) =>
        Assert.Equal(text, cause.ToString());

    [Fact]
    public void Deserialize_OfACause_GivesTheCause()
    {
        using var services = new ServiceCollection().AddSerializer().BuildServiceProvider();
        var serializer = services.GetRequiredService<Serializer>();
        Assert.Equal(OutOfStep, serializer.Deserialize<RewindCause>(serializer.SerializeToArray(OutOfStep)));
    }
}
