using Ebm.Contracts.Retries;
using Microsoft.Extensions.Time.Testing;

namespace Ebm.Grains.Tests.Retries;

public sealed class RetryTests
{
    private static readonly Backoff Backoff = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(3));

    private readonly FakeTimeProvider _time = new();
    private readonly List<FailedAttempt> _failed = [];
    private int _calls;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Call_ThatFailsForAWhile_IsRepeatedAfterTheDelaysOfTheBackoff()
    {
        var result = Begin(failures: 4, Cancel);

        foreach (var delay in new[] { 1, 2, 3, 3 })
        {
            var before = _calls;
            _time.Advance(TimeSpan.FromSeconds(delay) - TimeSpan.FromTicks(1));
            Assert.Equal(before, _calls);
            _time.Advance(TimeSpan.FromTicks(1));
            await Eventually.Holds(() => _calls == before + 1, () => "the call was not repeated");
        }

        Assert.Equal(5, await result.Within());
        Assert.Equal([(1, 1), (2, 2), (3, 3), (4, 3)], _failed.Select(f => (f.Number, (int)f.Delay.TotalSeconds)));
        Assert.All(_failed, f => Assert.IsType<TimeoutException>(f.Failure));
    }

    [Fact]
    public async Task Call_WithAPermanentFailure_ThrowsItAtOnce()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(() => Retry.Call<int>(
            () => throw new InvalidOperationException(), IsTransient, Backoff, _failed.Add, _time, Cancel));

        Assert.Empty(_failed);
    }

    [Fact]
    public async Task Call_WhoseCallbackThrows_EndsWithThatException()
    {
        var result = Retry.Call(
            Attempt(failures: 9), IsTransient, Backoff, _ => throw new InvalidDataException(), _time, Cancel);

        await Assert.ThrowsAsync<InvalidDataException>(() => result);
        Assert.Equal(1, _calls);
    }

    [Fact]
    public async Task Call_CancelledDuringADelay_EndsWithTheLastFailureInside()
    {
        using var cancellation = new CancellationTokenSource();
        var result = Begin(failures: 9, cancellation.Token);

        await cancellation.CancelAsync();

        var e = await Assert.ThrowsAsync<OperationCanceledException>(() => result.Within());
        Assert.IsType<TimeoutException>(e.InnerException);
        Assert.Equal(cancellation.Token, e.CancellationToken);
        Assert.Equal(1, _calls);
    }

    [Fact]
    public async Task Call_CancelledDuringAnAttempt_ReportsNoRetry()
    {
        using var cancellation = new CancellationTokenSource();
        var result = Retry.Call<int>(
            async () =>
            {
                await cancellation.CancelAsync();
                throw new TimeoutException();
            },
            IsTransient,
            Backoff,
            _failed.Add,
            _time,
            cancellation.Token);

        await Assert.ThrowsAsync<OperationCanceledException>(() => result);
        Assert.Empty(_failed);
    }

    [Fact]
    public async Task Call_InASchedulerOfItsOwn_StaysThere()
    {
        // A grain's turns are tasks of its own scheduler: an attempt that leaves it races with the grain's other calls.
        var scheduler = new ConcurrentExclusiveSchedulerPair().ExclusiveScheduler;
        var seen = new List<TaskScheduler>();

        var result = Task.Factory.StartNew(
            () => Retry.Call(
                () =>
                {
                    seen.Add(TaskScheduler.Current);
                    return Attempt(failures: 2)();
                },
                IsTransient,
                Backoff,
                _failed.Add,
                _time,
                Cancel),
            Cancel,
            TaskCreationOptions.None,
            scheduler).Unwrap();
        await Eventually.Holds(
            () =>
            {
                _time.Advance(TimeSpan.FromSeconds(1));
                return result.IsCompleted;
            },
            () => "the call did not succeed");

        Assert.Equal([scheduler, scheduler, scheduler], seen);
    }

    private Task<int> Begin(int failures, CancellationToken cancellationToken) =>
        Retry.Call(Attempt(failures), IsTransient, Backoff, _failed.Add, _time, cancellationToken);

    private Func<Task<int>> Attempt(int failures) => () =>
        ++_calls <= failures ? Task.FromException<int>(new TimeoutException()) : Task.FromResult(_calls);

    private static bool IsTransient(Exception e) => e is TimeoutException;
}
