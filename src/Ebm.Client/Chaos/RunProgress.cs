using Ebm.Client.Remote;
using Ebm.Contracts.Runs;

namespace Ebm.Client.Chaos;

/// <summary>Follows a run through its events during faults, and reports its progress.</summary>
internal sealed class RunProgress(IRunGrain run, TimeProvider time) : IAsyncDisposable
{
    private static readonly TimeSpan CallTime = TimeSpan.FromSeconds(8), Pause = TimeSpan.FromMilliseconds(200);

    private const int RoundsAfter = 4;

    private readonly CancellationTokenSource _ending = new();
    private readonly Lock _gate = new();
    private readonly List<RunEvent> _events = [];
    private TaskCompletionSource _changed = New();
    private Task _following = Task.CompletedTask;

    /// <summary>The newest round that is known to be applied, over all epochs.</summary>
    public long Round { get; private set; }

    /// <summary>The run as it was last seen.</summary>
    public RunStatus? Status { get; private set; }

    /// <summary>Everything that was heard of, in order.</summary>
    public IReadOnlyList<RunEvent> Events
    {
        get
        {
            lock (_gate)
            {
                return [.. _events];
            }
        }
    }

    /// <summary>Whether the run is over.</summary>
    public bool HasEnded => Status is { IsUnfinished: false };

    /// <summary>Begins to follow.</summary>
    public void Start() => _following = Follow();

    /// <summary>Waits until a round is applied, or the run has ended; false if the time is up first.</summary>
    public Task<bool> Reach(long round, TimeSpan patience, CancellationToken cancel) =>
        Until(() => Round >= round || HasEnded, patience, cancel);

    /// <summary>
    /// The longest time without a round after a moment, in seconds, by the cluster's clock, which is this machine's. A
    /// round is reported as it is applied. With a lag, one or two may still be applied after a shard is gone: so it
    /// looks at some. Null if they do not come in time.
    /// </summary>
    public async Task<double?> LongestStall(DateTimeOffset moment, TimeSpan patience, CancellationToken cancel)
    {
        DateTimeOffset[] Rounds() =>
            [.. Events.Where(e => e.Kind == RunEventKind.Round && e.At > moment).Select(e => e.At).Take(RoundsAfter)];
        await Until(() => Rounds().Length == RoundsAfter || HasEnded, patience, cancel);
        var rounds = Rounds();
        return rounds.Length == RoundsAfter || HasEnded
            ? rounds.Prepend(moment).Zip(rounds, (before, after) => (after - before).TotalSeconds).DefaultIfEmpty(0)
                .Max()
            : null;
    }

    /// <summary>Waits until the run has ended.</summary>
    public Task<bool> End(TimeSpan patience, CancellationToken cancel) => Until(() => HasEnded, patience, cancel);

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _following.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _ending.Dispose();
    }

    private async Task<bool> Until(Func<bool> holds, TimeSpan patience, CancellationToken cancel)
    {
        var begun = time.GetTimestamp();
        while (!holds())
        {
            var left = patience - time.GetElapsedTime(begun);
            if (left <= TimeSpan.Zero)
            {
                return false;
            }

            Task changed;
            lock (_gate)
            {
                changed = _changed.Task;
            }

            await Task.WhenAny(changed, Task.Delay(left < Pause ? left : Pause, time, cancel));
            cancel.ThrowIfCancellationRequested();
        }

        return true;
    }

    private async Task Follow()
    {
        for (var after = 0L; !_ending.IsCancellationRequested && !HasEnded;)
        {
            try
            {
                var page = await run.Events(after, _ending.Token).WaitAsync(CallTime, time, _ending.Token);
                after = Math.Min(page.Events.Count > 0 ? page.Events[^1].Number : after, page.Status.LastEvent);
                Note(page);
            }
            catch (Exception e) when (TransientErrors.Is(e) || e is Contracts.UnknownRunException)
            {
                if (!_ending.IsCancellationRequested)
                {
                    await Task.Delay(Pause, time, _ending.Token);
                }
            }
        }
    }

    private void Note(EventPage page)
    {
        TaskCompletionSource changed;
        lock (_gate)
        {
            _events.AddRange(page.Events);
            Round = page.Events.Where(e => e.Kind == RunEventKind.Round).Select(e => e.Round).Append(Round).Max();
            Status = page.Status;
            (changed, _changed) = (_changed, New());
        }

        changed.SetResult();
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
