using System.Threading.Channels;

namespace Ebm.Client.Local;

/// <summary>Hands each event to everyone who has asked for them.</summary>
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

    /// <summary>Tells everyone.</summary>
    public void Tell(LocalEvent what)
    {
        lock (_gate)
        {
            foreach (var reader in _readers)
            {
                reader.Writer.TryWrite(what);
            }
        }
    }

    /// <summary>There will be no more.</summary>
    public void End()
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
