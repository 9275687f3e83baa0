namespace Ebm.Grains.Devices;

/// <summary>A blocking queue that serves its clients in turns, one piece of work each, and bounds what each may have waiting.</summary>
internal sealed class FairQueue(int limit) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _available = new(0);
    private readonly Dictionary<string, Queue<ILaneWork>> _waiting = [];
    private readonly Queue<string> _turns = new();
    private bool _closed;

    /// <summary>Adds a piece of work; false when the client already has the limit waiting.</summary>
    /// <exception cref="ObjectDisposedException">The queue was closed.</exception>
    public bool TryAdd(string client, ILaneWork work)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_closed, this);
            if (!_waiting.TryGetValue(client, out var own))
            {
                _waiting.Add(client, own = new Queue<ILaneWork>());
                _turns.Enqueue(client);
            }

            if (own.Count >= limit)
            {
                return false;
            }

            own.Enqueue(work);
        }

        _available.Release();
        return true;
    }

    /// <summary>Waits for the next piece of work; null once the queue is closed.</summary>
    public ILaneWork? Take()
    {
        _available.Wait();
        lock (_gate)
        {
            if (_closed)
            {
                _available.Release();
                return null;
            }

            var client = _turns.Dequeue();
            var own = _waiting[client];
            var work = own.Dequeue();
            if (own.Count > 0)
            {
                _turns.Enqueue(client);
            }
            else
            {
                _waiting.Remove(client);
            }

            return work;
        }
    }

    /// <summary>Ends all waiting, now and later; returns what was never begun.</summary>
    public IReadOnlyList<ILaneWork> Close()
    {
        lock (_gate)
        {
            _closed = true;
            _available.Release();
            return [.. _waiting.Values.SelectMany(q => q)];
        }
    }

    /// <summary>To be called when no thread waits any more.</summary>
    public void Dispose() => _available.Dispose();
}
