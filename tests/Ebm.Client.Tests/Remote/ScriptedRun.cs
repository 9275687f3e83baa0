using Ebm.Client.Progress;
using Ebm.Client.Runs;
using Ebm.Contracts.Runs;

namespace Ebm.Client.Tests.Remote;

/// <summary>
/// A run whose answers to <see cref="Events"/> are written beforehand: a page, or what a call fails with.
/// </summary>
internal sealed class ScriptedRun(params Func<EventPage>[] script) : IRunGrain
{
    private int _next;

    /// <summary>The numbers that it was asked for events after.</summary>
    public List<long> Asked { get; } = [];

    /// <summary>What it says of itself when asked alone.</summary>
    public RunStatus? Now { get; init; }

    public static RunStatus Status(
        RunState state = RunState.Running, long last = 0, string? waiting = null, bool sized = true) => new()
    {
        Id = "run",
        State = state,
        SpecDigest = "",
        Rounds = sized ? 100 : 0,
        Shape = sized ? new RunShape(64, 1, 10, 1000, 12) : null,
        LastEvent = last,
        Waiting = waiting,
    };

    /// <summary>A page of checkpoints' events with these numbers.</summary>
    public static Func<EventPage> Page(RunStatus status, params long[] numbers) =>
        () => new EventPage([.. numbers.Select(n => new RunEvent(n, RunEventKind.Checkpoint, n))], status);

    public static Func<EventPage> Fails(Exception e) => () => throw e;

    public Task<EventPage> Events(long after, CancellationToken cancellationToken)
    {
        Asked.Add(after);
        return _next < script.Length ? Task.FromResult(script[_next++]()) : new TaskCompletionSource<EventPage>().Task;
    }

    Task<RunStatus?> IRunGrain.Status() => Task.FromResult(Now);

    public Task<RunStatus> Submit(RunSubmission submission) => throw new NotSupportedException();

    public Task<RunDescription?> Describe() => throw new NotSupportedException();

    public Task Stop() => throw new NotSupportedException();

    public Task<RunStatus> Resume(bool allowNewHardware) => throw new NotSupportedException();

    public Task Delete() => throw new NotSupportedException();

    public Task Touch() => throw new NotSupportedException();

    public Task<RunDetails> Details() => throw new NotSupportedException();

    public Task<ArtefactPiece?> Artefact(string name, int piece) => throw new NotSupportedException();

    public Task<bool> Report(ServerReport report) => throw new NotSupportedException();
}

/// <summary>Writes down what it is to show.</summary>
internal sealed class RecordingView : IRunView
{
    public List<string> Shown { get; } = [];

    public void Accepted(RunStatus status, RunLocation place) => Shown.Add("accepted");

    public void Started(RunFacts facts, RunStatus status) => Shown.Add("started");

    public void Show(RunEvent e, RunStatus status) => Shown.Add($"event {e.Number}");

    public void Notice(string text) => Shown.Add(text);

    public void Stopping() => Shown.Add("stopping");

    public void Detached(RunStatus status, RunLocation place) => Shown.Add("detached");

    public void Ended(RunOutcome outcome) => Shown.Add("ended");

    public void Dispose()
    {
    }
}
