using System.Globalization;
using Ebm.Silo.Pages;
using Microsoft.Extensions.Time.Testing;

namespace Ebm.Silo.Tests.Pages;

public sealed class LiveFeedTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly CountingFeed _feed;

    public LiveFeedTests() => _feed = new CountingFeed(_time, _stopping.Token);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Follow_ByAPage_TellsTheStateAndThenItsChanges()
    {
        await using var page = _feed.Follow(Cancel).GetAsyncEnumerator(Cancel);

        Assert.Equal("state 0", await Next(page));
        _feed.Count();
        Assert.Equal("change 1", await Next(page));
        _feed.Count();
        Assert.Equal("change 2", await Next(page));
    }

    [Fact]
    public async Task Follow_BySeveralPages_OpensAndPollsOnce()
    {
        await using var first = _feed.Follow(Cancel).GetAsyncEnumerator(Cancel);
        await using var second = _feed.Follow(Cancel).GetAsyncEnumerator(Cancel);
        await Next(first);
        await Next(second);

        _feed.Count();

        Assert.Equal(("change 1", "change 1"), (await Next(first), await Next(second)));
        Assert.Equal((1, 1), (_feed.Opens, _feed.MostPolls));
    }

    [Fact]
    public async Task Follow_ByAPageThatIsTooSlow_BeginsAnewWithTheState()
    {
        await using var page = _feed.Follow(Cancel).GetAsyncEnumerator(Cancel);
        await Next(page);

        for (var i = 0; i < 600; i++)
        {
            _feed.Count();
        }

        await Eventually.Holds(() => _feed.Told == 600, () => $"only {_feed.Told} changes were told");
        Assert.Equal("state 600", await Next(page));
    }

    [Fact]
    public async Task Follow_AfterAFailedPoll_TellsItAndPollsAgainAfterASecond()
    {
        await using var page = _feed.Follow(Cancel).GetAsyncEnumerator(Cancel);
        await Next(page);

        _feed.Fail(new TimeoutException("no answer"));
        Assert.Equal("trouble \"no answer\"", await Next(page));
        _feed.Count();
        var next = Next(page);
        await Eventually.Holds(
            () =>
            {
                _time.Advance(TimeSpan.FromSeconds(1));
                return next.IsCompleted;
            },
            () => "the feed polls no more");

        Assert.Equal("change 1", await next);
    }

    [Fact]
    public async Task Follow_WhenTheSiloStops_EndsAfterTheLastChange()
    {
        await using var page = _feed.Follow(Cancel).GetAsyncEnumerator(Cancel);
        await Next(page);

        await _stopping.CancelAsync();

        Assert.False(await page.MoveNextAsync().AsTask().Within());
    }

    public void Dispose()
    {
        _stopping.Cancel();
        _feed.Count();
        _stopping.Dispose();
    }

    private static async Task<string> Next(IAsyncEnumerator<LiveMessage> page)
    {
        Assert.True(await page.MoveNextAsync().AsTask().Within());
        return $"{page.Current.Type} {page.Current.Data}";
    }

    /// <summary>A number that a test raises.</summary>
    private sealed class CountingFeed(TimeProvider time, CancellationToken stopping) : LiveFeed(time, stopping)
    {
        private readonly SemaphoreSlim _changes = new(0);
        private Exception? _failure;
        private int _polls;

        public int Opens { get; private set; }

        public int MostPolls { get; private set; }

        public int Told { get; private set; }

        public void Count() => _changes.Release();

        public void Fail(Exception failure)
        {
            _failure = failure;
            _changes.Release();
        }

        protected override Task Open()
        {
            Opens++;
            return Task.CompletedTask;
        }

        protected override async Task Poll()
        {
            MostPolls = Math.Max(MostPolls, Interlocked.Increment(ref _polls));
            await _changes.WaitAsync();
            Interlocked.Decrement(ref _polls);
            if (Interlocked.Exchange(ref _failure, null) is { } failure)
            {
                throw failure;
            }

            lock (Gate)
            {
                Told++;
                Tell(new LiveMessage("change", Told.ToString(CultureInfo.InvariantCulture)));
            }
        }

        protected override LiveMessage Snapshot() => new("state", Told.ToString(CultureInfo.InvariantCulture));
    }
}
