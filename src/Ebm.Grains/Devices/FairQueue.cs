namespace Ebm.Grains.Devices;

/// <summary>
/// A blocking queue that serves its clients in turns, one piece of work each or as many as their priority says, and
/// bounds what each may have waiting. Clients of priority 0 come behind all others, but are never forgotten.
/// </summary>
internal sealed class FairQueue(int limit) : IDisposable
{
    /// <summary>Pieces that go before one of those behind, where it waits.</summary>
    private const int MostBefore = 32;

    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _available = new(0);
    private readonly Dictionary<string, Client> _clients = [];
    private readonly Dictionary<string, int> _priorities = [];
    private readonly Queue<Client> _turns = new();
    private readonly Queue<Client> _behind = new();
    private int _before;
    private bool _closed;

    /// <summary>A client gets so many pieces done in each of its turns; with 0 it comes behind those of more.</summary>
    public void Prioritise(string name, int pieces)
    {
        lock (_gate)
        {
            _priorities[name] = pieces;
        }
    }

    /// <summary>
    /// Adds a piece of work, or returns what to wait for before trying again: the client has the limit waiting.
    /// </summary>
    /// <exception cref="OperationCanceledException">The queue was closed.</exception>
    public Task? Add(string name, ILaneWork work)
    {
        lock (_gate)
        {
            ThrowIfClosed();
            if (!_clients.TryGetValue(name, out var client))
            {
                _clients.Add(name, client = new Client(name));
            }

            if (client.Work.Count >= limit)
            {
                var room = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                client.Senders.Enqueue(room);
                return room.Task;
            }

            if (client.Work.Count == 0)
            {
                Queue(client);
            }

            client.Work.Enqueue(work);
        }

        _available.Release();
        return null;
    }

    /// <summary>Pieces of work that wait.</summary>
    public int Waiting => _available.CurrentCount;

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

            var turns = Next();
            var client = turns.Peek();
            var work = client.Work.Dequeue();
            if (--client.Left <= 0 || client.Work.Count == 0)
            {
                turns.Dequeue();
                if (client.Work.Count > 0)
                {
                    Queue(client);
                }
            }

            if (client.Senders.TryDequeue(out var sender))
            {
                sender.SetResult();
            }
            else if (client.Work.Count == 0)
            {
                _clients.Remove(client.Name);
            }

            return work;
        }
    }

    /// <summary>Ends all waiting, now and later; returns the work that has not started.</summary>
    public IReadOnlyList<ILaneWork> Close()
    {
        lock (_gate)
        {
            if (_closed)
            {
                return [];
            }

            _closed = true;
            _available.Release();
            foreach (var sender in _clients.Values.SelectMany(c => c.Senders))
            {
                sender.SetResult();
            }

            return [.. _clients.Values.SelectMany(c => c.Work)];
        }
    }

    /// <summary>To be called when no thread waits any more.</summary>
    public void Dispose() => _available.Dispose();

    private void Queue(Client client)
    {
        client.Left = _priorities.GetValueOrDefault(client.Name, 1);
        (client.Left == 0 ? _behind : _turns).Enqueue(client);
    }

    /// <summary>Whose turn it is.</summary>
    private Queue<Client> Next()
    {
        _before = _behind.Count == 0 || _turns.Count == 0 || _before == MostBefore ? 0 : _before + 1;
        return _turns.Count > 0 && (_behind.Count == 0 || _before > 0) ? _turns : _behind;
    }

    private void ThrowIfClosed()
    {
        // Not an error of the work: the sender cancels, and another silo does it.
        if (_closed)
        {
            throw new OperationCanceledException("The device lanes are closed.");
        }
    }

    private sealed record Client(string Name)
    {
        public Queue<ILaneWork> Work { get; } = new();

        /// <summary>Pieces left in this turn.</summary>
        public int Left { get; set; }

        public Queue<TaskCompletionSource> Senders { get; } = new();
    }
}
