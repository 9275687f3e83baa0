using System.Threading.Channels;

namespace Ebm.Client.Local;

/// <summary>Publishes each event to all subscribers.</summary>
internal sealed class LocalEvents
{
    private readonly Lock _gate = new();
    private readonly List<Channel<LocalEvent>> _readers = [];
    private bool _ended;

    /// <summary>All events from now on, until the cluster has ended.</summary>
    public ChannelReader<LocalEvent> Subscribe()
    {
        var channel = Channel.CreateUnbounded<LocalEvent>();
        lock (_gate)
        {
            _readers.Add(channel);
            if (_ended)
            {
                channel.Writer.Complete();
            }
        }

        return channel.Reader;
    }

    /// <summary>Publishes an event.</summary>
    public void Publish(LocalEvent happened)
    {
        lock (_gate)
        {
            foreach (var reader in _readers)
            {
                reader.Writer.TryWrite(happened);
            }
        }
    }

    /// <summary>Completes all subscriptions; no events follow.</summary>
    public void Complete()
    {
        lock (_gate)
        {
            _ended = true;
            foreach (var reader in _readers)
            {
                reader.Writer.TryComplete();
            }
        }
    }
}
