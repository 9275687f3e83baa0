using Ebm.Client.Progress;
using Ebm.Client.Runs;
using Ebm.Contracts.Epochs;
using Ebm.Contracts.Runs;
using Ebm.RunFolders;

namespace Ebm.Client.Tests.Progress;

public sealed class SummaryTests
{
    private static readonly RunLocation Place = new("runs/a", false, "");

    public static TheoryData<object, string?> Lines => new()
    {
        { new RunEvent(1, RunEventKind.State, 3) { State = RunState.Running }, null },
        { new RunEvent(1, RunEventKind.Checkpoint, 3) { StateSha256 = "ab" }, "checkpoint of round 3" },
        { new RunEvent(1, RunEventKind.Artefact, 3) { File = RunLayout.SamplesPlot(3) }, "wrote samples-000003.png" },
        { new RunEvent(1, RunEventKind.Artefact, 3) { File = RunLayout.SamplesText(3) }, "wrote samples-000003.txt" },
        { new RunEvent(1, RunEventKind.Artefact, 3) { File = RunLayout.EnergiesPlot }, null },
        { new RunEvent(1, RunEventKind.Artefact, 3) { File = "samples of mine.png" }, null },
        { new RunEvent(1, RunEventKind.Evaluation, 3) { Metric = new MetricValue("logZ", 7.2) }, "round 3: logZ 7.2" },
        { new RunEvent(1, RunEventKind.Evaluation, 3, "between 1 and 2"), "round 3: between 1 and 2" },
        { new RunEvent(1, RunEventKind.Notice, 3, "a text"), "note: a text" },
        { new RunEvent(1, RunEventKind.Samples, 3, "abc | bca"), "samples: abc | bca" },
        { new RunEvent(1, RunEventKind.Rollback, 3, "diverged"), "diverged" },
        {
            new RunEvent(1, RunEventKind.Waiting, 3) { Wait = new WaitCause(WaitReason.Silo, "no cuda device") },
            "note: waiting: no cuda device"
        },
        {
            new RunEvent(1, RunEventKind.Resumed, 3) { Wait = new WaitCause(WaitReason.Silo, "no cuda device") },
            "note: goes on; it waited: no cuda device"
        },
        {
            new RunEvent(1, RunEventKind.Rewound, 3) { Rewind = new RewindCause { Reason = RewindReason.ServerLost } },
            "note: the parameter server was lost"
        },
    };

    [Theory]
    [MemberData(nameof(Lines))]
    public void Line_OfAnEvent_RendersItsFacts(object e, string? line) =>
        Assert.Equal(line, Summary.Line((RunEvent)e));

    [Theory]
    [InlineData(nameof(RunState.Succeeded), false), InlineData(nameof(RunState.Stopped), true)]
    [InlineData(nameof(RunState.Failed), true)]
    public void Closing_OfARun_OffersResumeUnlessItSucceeded(string state, bool offers)
    {
        var lines = Summary.Closing(Outcome(Enum.Parse<RunState>(state))).ToList();

        Assert.Equal(offers, lines.Contains("  ./ebm resume a"));
        Assert.Contains("  ./ebm status a", lines);
    }

    [Theory]
    [InlineData("samples-000003.txt", "./ebm sample a -n 20"), InlineData("samples-000003.png", "--out grid.png")]
    public void Closing_OfARunWithAResult_SamplesInTheFormOfItsData(string file, string expected)
    {
        var lines = Summary.Closing(Outcome(RunState.Succeeded, file));

        Assert.Contains(lines, line => line.Contains(expected, StringComparison.Ordinal));
    }

    private static RunOutcome Outcome(RunState state, params string[] files) => new(
        new RunStatus
        {
            Id = "a", State = state, SpecDigest = "", Round = 3, Rounds = 5, Seconds = 2,
            Result = new RunResult { Round = 3, ParametersSha256 = "p", StateSha256 = "s" },
        }, Place, 100, files);
}
