using Ebm.Client.Remote;
using Ebm.Client.Runs;
using Ebm.Contracts;
using Ebm.Contracts.Runs;
using Ebm.Core;
using Ebm.Grains.Stores;
using static Ebm.Client.Tests.Remote.ScriptedRun;

namespace Ebm.Client.Tests.Remote;

/// <summary>A run is followed to its end through any failure of the cluster.</summary>
public sealed class RunFollowerTests
{
    private readonly RecordingView _view = new();

    [Fact]
    public async Task Follow_ToTheEnd_ShowsEveryEventOnceAndBeginsAfterTheLatest()
    {
        var run = new ScriptedRun(
            Page(Status(last: 8), 6, 7, 8), Page(Status(last: 9), 7, 8, 9), Page(Status(RunState.Succeeded, 10), 10));
        var end = await Follow(run, Status(last: 5));

        Assert.Equal(RunState.Succeeded, end.State);
        Assert.Equal([5, 8, 9], run.Asked);
        Assert.Equal(["started", "event 6", "event 7", "event 8", "event 9", "event 10"], _view.Shown);
    }

    [Fact]
    public async Task Follow_ARunThatHasEnded_AsksNothing()
    {
        var run = new ScriptedRun();
        Assert.Equal(RunState.Failed, (await Follow(run, Status(RunState.Failed, waiting: "no cuda device"))).State);
        Assert.Empty(run.Asked);
        Assert.Empty(_view.Shown);
    }

    public static TheoryData<Exception> Lost =>
    [
        new TimeoutException(), new OrleansException("the silo is dead"), new SiloUnavailableException(),
        new System.Net.Sockets.SocketException(),
        new StoreUnavailableException("Redis is away", new TimeoutException()),
        new TaskCanceledException(),
    ];

    [Theory]
    [MemberData(nameof(Lost))]
    public async Task Follow_LostCalls_PollsAfterTheSameEventAndReportsItOnce(Exception lost)
    {
        var run = new ScriptedRun(
            Page(Status(last: 3), 1, 2, 3), Fails(lost), Fails(lost), Page(Status(RunState.Succeeded, 4), 4));
        await Follow(run, Status());

        Assert.Equal([0, 3, 3, 3], run.Asked);
        Assert.Equal(2, _view.Shown.Count(s => s.Contains("the cluster", StringComparison.Ordinal)));
        Assert.StartsWith("the call to the cluster failed", _view.Shown[4], StringComparison.Ordinal);
        Assert.Equal(["the cluster answers again", "event 4"], _view.Shown[^2..]);
    }

    [Fact]
    public async Task Follow_NumberingThatWentBack_ContinuesFromThere()
    {
        var run = new ScriptedRun(
            Page(Status(last: 90), 89, 90), Page(Status(last: 80)), Page(Status(last: 82), 81, 82),
            Page(Status(RunState.Succeeded, 83), 83));
        await Follow(run, Status(last: 88));

        Assert.Equal([88, 90, 80, 82], run.Asked);
        Assert.Equal(["event 89", "event 90", "event 81", "event 82", "event 83"], _view.Shown[1..]);
    }

    [Fact]
    public async Task Follow_ARunThatWaits_ReportsTheWaitAndTheEndOnceEach()
    {
        var waits = Status(waiting: "no cuda device", sized: false);
        var told = new EventPage(
            [new RunEvent(1, RunEventKind.Waiting, 0)], waits with { LastEvent = 1 });
        var run = new ScriptedRun(
            Page(waits), () => told, Page(waits with { LastEvent = 1, Waiting = "no cpu device" }),
            Page(Status(last: 1, sized: false)),
            Page(Status(last: 1)), Page(Status(RunState.Succeeded, 1)));
        await Follow(run, Status(RunState.Pending, sized: false));

        Assert.Equal(
            ["pending", "waiting: no cuda device", "waiting: no cpu device", "goes on",
                "starting: its data is read, its shards are placed", "started"],
            _view.Shown);
    }

    [Fact]
    public async Task Follow_ForEventsAlone_ShowsThemAsTheyAre()
    {
        var waits = Status(last: 1, waiting: "no cuda device");
        var run = new ScriptedRun(
            () => new EventPage([new RunEvent(1, RunEventKind.Waiting, 0)], waits),
            Page(Status(RunState.Succeeded, 2), 2));
        await new RunFollower(new ClusterEvents(run, _view, TimeProvider.System), _view)
            .Follow(Status(), 0, TestContext.Current.CancellationToken);

        Assert.Equal(["event 1", "event 2"], _view.Shown);
    }

    [Fact]
    public async Task Follow_ARecordLostAfterFailedCalls_SubmitsItAgain()
    {
        var run = new ScriptedRun(
            Page(Status(last: 7), 7), Fails(new TimeoutException()), Fails(new UnknownRunException("run")),
            Page(Status(RunState.Succeeded, 1), 1));
        var submitted = 0;
        var end = await Follow(run, Status(last: 6), () =>
        {
            submitted++;
            return Task.FromResult(Status(RunState.Pending));
        });

        Assert.Equal((RunState.Succeeded, 1), (end.State, submitted));
        Assert.Equal([6, 7, 7, 0], run.Asked);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Follow_AMissingRecord_IsADeletedRunUnlessCallsFailedAndTheSpecIsAtHand(bool trouble)
    {
        var run = new ScriptedRun(
            Page(Status(last: 1), 1), trouble ? Fails(new TimeoutException()) : Page(Status(last: 1)),
            Fails(new UnknownRunException("run")));
        Func<Task<RunStatus>> never = () => throw new InvalidOperationException("submitted again");

        await Assert.ThrowsAsync<NotFoundException>(() => Follow(run, Status(), trouble ? null : never));
    }

    [Fact]
    public async Task Follow_ARecordThatIsFoundLater_Continues()
    {
        var run = new ScriptedRun(
            Fails(new InputException("not yet")), Page(Status(RunState.Succeeded, 1), 1)) { Now = Status() };
        await Follow(run, Status());

        Assert.Equal(["started", "event 1"], _view.Shown);
    }

    [Fact]
    public async Task Follow_AnErrorOfTheRunItself_IsThrown() => await Assert.ThrowsAsync<EbmException>(
        () => Follow(new ScriptedRun(Fails(new EbmException("spoilt"))), Status()));

    [Fact]
    public async Task Follow_CancelledDuringACall_EndsAtOnce()
    {
        using var detach = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));
        var follower = new RunFollower(new ClusterEvents(new ScriptedRun(), _view, TimeProvider.System), _view);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => follower.Follow(Status(last: 4), 4, detach.Token));
        Assert.Equal(4, follower.Latest!.LastEvent);
    }

    private Task<RunStatus> Follow(ScriptedRun run, RunStatus status, Func<Task<RunStatus>>? submitAgain = null) =>
        new RunFollower(
            new ClusterEvents(run, _view, TimeProvider.System, submitAgain), _view,
            new RunPhases(_view, new RunLocation("redis://host:1", true, "")))
            .Follow(status, status.LastEvent, TestContext.Current.CancellationToken);
}
