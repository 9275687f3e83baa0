using Ebm.Client.Output;
using Ebm.Client.Runs;
using Ebm.Contracts.Runs;
using Ebm.Core;

namespace Ebm.Client.Tests.Runs;

public sealed class RunSessionTests
{
    private static readonly string[] WholeSession = ["submit", "follow", "close files", "describe", "dispose"];

    [Theory]
    [InlineData(nameof(RunState.Succeeded), nameof(ExitCode.Succeeded))]
    [InlineData(nameof(RunState.Stopped), nameof(ExitCode.Stopped))]
    [InlineData(nameof(RunState.Failed), nameof(ExitCode.Failed))]
    public async Task Follow_ToTheEnd_ReturnsTheExitCodeOfTheEnd(string end, string expected)
    {
        var run = new FakeRun(Enum.Parse<RunState>(end));

        var code = await RunSession.Follow(OutputFormat.Json, _ => Task.FromResult<ISessionRun>(run));

        Assert.Equal(expected, code.ToString());
        Assert.Equal(WholeSession, run.Calls);
    }

    [Fact]
    public async Task Follow_ARunThatIsLeftUnfinished_Succeeds()
    {
        var run = new FakeRun(RunState.Running);

        var code = await RunSession.Follow(OutputFormat.Json, _ => Task.FromResult<ISessionRun>(run));

        Assert.Equal(ExitCode.Succeeded, code);
        Assert.Equal(WholeSession.Except(["describe"]), run.Calls);
    }

    [Fact]
    public async Task Leave_ARun_SubmitsItAndFollowsNothing()
    {
        var run = new FakeRun(RunState.Running);

        var code = await RunSession.Leave(OutputFormat.Json, _ => Task.FromResult<ISessionRun>(run));

        Assert.Equal(ExitCode.Succeeded, code);
        Assert.Equal(["submit", "dispose"], run.Calls);
    }

    [Fact]
    public async Task Follow_AnErrorOfTheRun_IsThrownAndTheRunIsDisposed()
    {
        var run = new FakeRun(RunState.Running) { Error = new EbmException("broken") };

        await Assert.ThrowsAsync<EbmException>(
            () => RunSession.Follow(OutputFormat.Json, _ => Task.FromResult<ISessionRun>(run)));
        Assert.Equal(["submit", "follow", "dispose"], run.Calls);
    }

    private sealed class FakeRun(RunState end) : ISessionRun
    {
        public List<string> Calls { get; } = [];

        public EbmException? Error { get; init; }

        public RunLocation Place { get; } = new("redis://host:1", true, "");

        public Task<RunStatus> Submit() => Note("submit", Status(RunState.Pending));

        public Task<RunStatus> Follow(RunStatus status, CancellationToken detach) => Error is null
            ? Note("follow", Status(end))
            : Note("follow", Task.FromException<RunStatus>(Error)).Unwrap();

        public bool TryStop() => throw new InvalidOperationException("no signal came");

        public Task CloseFiles() => Note("close files", true);

        public RunOutcome Describe(RunStatus ended)
        {
            Calls.Add("describe");
            return RunOutcome.Of(ended, Place);
        }

        public ValueTask DisposeAsync()
        {
            Calls.Add("dispose");
            return ValueTask.CompletedTask;
        }

        private Task<T> Note<T>(string call, T answer)
        {
            Calls.Add(call);
            return Task.FromResult(answer);
        }

        private static RunStatus Status(RunState state) => new() { Id = "run", State = state, SpecDigest = "" };
    }
}
