using System.Text.Json.Nodes;
using Ebm.Client.Progress;
using Ebm.Contracts.Chains;
using Ebm.Contracts.Epochs;
using Ebm.Contracts.Runs;

namespace Ebm.Client.Tests.Progress;

public sealed class EventFactsTests
{
    public static TheoryData<object, string> Facts => new()
    {
        { new RunEvent(1, RunEventKind.Notice, 3, "a text"), "{}" },
        {
            new RunEvent(1, RunEventKind.Evaluation, 3) { Metric = new MetricValue("logZ", 7.5) },
            """{"metric":{"name":"logZ","value":7.5}}"""
        },
        {
            new RunEvent(1, RunEventKind.Waiting, 3) { Wait = new WaitCause(WaitReason.Silo, "no cuda device") },
            """{"wait":{"reason":"silo","problem":"no cuda device"}}"""
        },
        {
            new RunEvent(1, RunEventKind.Rewound, 3)
            {
                Rewind = new RewindCause
                {
                    Reason = RewindReason.ShardOutOfStep, Round = 7, Shard = 2, Got = 5, Outcome = AdvanceOutcome.Gap,
                },
            },
            """{"rewind":{"reason":"shardOutOfStep","round":7,"shard":2,"got":5,"outcome":"gap"}}"""
        },
    };

    [Theory]
    [MemberData(nameof(Facts))]
    public void Fill_AnEvent_AddsItsFactsWithNamesOfReasons(object e, string json)
    {
        var o = new JsonObject();
        EventFacts.Fill(o, (RunEvent)e);

        Assert.Equal(json, o.ToJsonString());
    }
}
