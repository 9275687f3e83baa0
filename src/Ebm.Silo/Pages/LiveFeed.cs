using System.Runtime.CompilerServices;

namespace Ebm.Silo.Pages;

/// <summary>
/// Polls a subject while pages subscribe to it. Each page gets the current state, then the changes.
/// One call at a time polls the subject.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="stopping">Ends it, because the silo is about to stop.</param>
internal abstract class LiveFeed(TimeProvider time, CancellationToken stopping)
{
    private static readonly TimeSpan Linger = TimeSpan.FromSeconds(30), Pause = TimeSpan.FromSeconds(1);

    private readonly List<FeedSubscriber> _listeners = [];
    private TaskCompletionSource? _opened;
    private long _left;

    /// <summary>Protects the state.</summary>
    protected Lock Gate { get; } = new();

    /// <summary>How things are, then what changes, until the silo stops.</summary>
    public async IAsyncEnumerable<LiveMessage> Follow([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var listener = new FeedSubscriber();
        using (var either = CancellationTokenSource.CreateLinkedTokenSource(stopping, cancellationToken))
        {
            await Opened().WaitAsync(either.Token);
        }

        try
        {
            yield return Begin(listener);
            while (await listener.Next(stopping, cancellationToken) is { } next)
            {
                yield return listener.HasLost ? Begin(listener) : next;
            }

            foreach (var last in await Close())
            {
                yield return last;
            }
        }
        finally
        {
            lock (Gate)
            {
                _listeners.Remove(listener);
                _left = time.GetTimestamp();
            }
        }
    }

    /// <summary>Learns how things are.</summary>
    protected abstract Task Open();

    /// <summary>Waits for changes, and sends them.</summary>
    protected abstract Task Poll();

    /// <summary>All that is known; called with the gate held.</summary>
    protected abstract LiveMessage Snapshot();

    /// <summary>Drops the state, because no page subscribes any more; called with the gate held.</summary>
    protected virtual void Forget()
    {
    }

    /// <summary>The last message to a page.</summary>
    protected virtual Task<IReadOnlyList<LiveMessage>> Close() => Task.FromResult<IReadOnlyList<LiveMessage>>([]);

    /// <summary>Tells all who listen; called with the gate held.</summary>
    protected void Tell(LiveMessage message) => _listeners.ForEach(l => l.Tell(message));

    private LiveMessage Begin(FeedSubscriber listener)
    {
        lock (Gate)
        {
            listener.Begin();
            if (!_listeners.Contains(listener))
            {
                _listeners.Add(listener);
            }

            return Snapshot();
        }
    }

    private Task Opened()
    {
        lock (Gate)
        {
            _left = time.GetTimestamp();
            if (_opened is null)
            {
                _opened = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                _ = Work(_opened);
            }

            return _opened.Task;
        }
    }

    private async Task Work(TaskCompletionSource opened)
    {
        await Task.Yield();
        while (!IsOver())
        {
            try
            {
                if (opened.Task.IsCompleted)
                {
                    await Poll();
                }
                else
                {
                    await Open();
                    opened.SetResult();
                }
            }
            catch (Exception e) when (!stopping.IsCancellationRequested)
            {
                // An unreachable silo or store recovers. Subscribers get the problem; nothing else is affected.
                lock (Gate)
                {
                    Tell(new LiveMessage("trouble", PagesJson.Write(e.Message)));
                }

                await Task.Delay(Pause, time);
            }
        }
    }

    private bool IsOver()
    {
        lock (Gate)
        {
            if (!stopping.IsCancellationRequested && (_listeners.Count > 0 || time.GetElapsedTime(_left) < Linger))
            {
                return false;
            }

            _opened = null;
            Forget();
            return true;
        }
    }
}
