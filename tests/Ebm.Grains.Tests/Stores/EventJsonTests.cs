using Ebm.Contracts.Chains;
using Ebm.Contracts.Epochs;
using Ebm.Contracts.Runs;
using Ebm.Grains.Stores;

namespace Ebm.Grains.Tests.Stores;

public sealed class EventJsonTests
{
    /// <summary>Lines that version 0.1 wrote, and their facts.</summary>
    public static TheoryData<string, object> Stored => new()
    {
        {
            """{"number":1,"kind":0,"round":0,"text":"running","epoch":1}""",
            Event(0) with { State = RunState.Running }
        },
        {
            """{"number":1,"kind":2,"round":0,"text":"54db2bb4","epoch":1}""",
            Event(2) with { StateSha256 = "54db2bb4" }
        },
        {
            """{"number":1,"kind":3,"round":0,"text":"samples-000020.png","epoch":1}""",
            Event(3) with { File = "samples-000020.png" }
        },
        {
            """{"number":1,"kind":4,"round":0,"text":"logLikelihood.test -8.0335","epoch":1}""",
            Event(4) with { Metric = new MetricValue("logLikelihood.test", -8.0335) }
        },
        { """{"number":1,"kind":4,"round":0,"text":"log Z is 7","epoch":1}""", Event(4) },
        { """{"number":1,"kind":5,"round":0,"text":"resumes","epoch":1}""", Event(5) },
        {
            """{"number":1,"kind":5,"round":0,"text":"waiting: no cuda device","epoch":1}""",
            Event(8) with { Wait = new WaitCause(WaitReason.Silo, "no cuda device") }
        },
        {
            """{"number":1,"kind":5,"round":0,"text":"goes on; it waited: Redis is away","epoch":1}""",
            Event(9) with { Wait = new WaitCause(WaitReason.Store, "Redis is away") }
        },
    };

    [Theory]
    [MemberData(nameof(Stored))]
    public void Read_AnEventOfVersion01_AddsTheFactsAndKeepsTheText(string line, object expected)
    {
        var e = EventJson.Read(line);

        Assert.Equal(expected, e with { Text = null });
        Assert.Contains($"\"text\":\"{RunEventText.Of(e)}\"", line, StringComparison.Ordinal);
    }

    public static TheoryData<object> Facts =>
    [
        new RunEvent(1, RunEventKind.State, 2) { State = RunState.Failed },
        new RunEvent(1, RunEventKind.Artefact, 2) { File = "curves.png" },
        new RunEvent(1, RunEventKind.Evaluation, 2) { Metric = new MetricValue("logZ", double.NegativeInfinity) },
        new RunEvent(1, RunEventKind.Waiting, 2) { Wait = new WaitCause(WaitReason.Store, "Redis is away") },
        new RunEvent(1, RunEventKind.Rewound, 2, "shard 1 was asked for round 3 and is at round 2 (Done)", Epoch: 4)
        {
            Rewind = new RewindCause
            {
                Reason = RewindReason.ShardOutOfStep, Round = 3, Shard = 1, Got = 2, Outcome = AdvanceOutcome.Done,
            },
        },
    ];

    [Theory]
    [MemberData(nameof(Facts))]
    public void Read_AWrittenEvent_IsTheEvent(object e) =>
        Assert.Equal(e, EventJson.Read(EventJson.Write((RunEvent)e)));

    private static RunEvent Event(int kind) => new(1, (RunEventKind)kind, 0, Epoch: 1);
}
