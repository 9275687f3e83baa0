using System.Threading.Channels;

namespace Ebm.Silo.Pages;

/// <summary>
/// Pending messages of a page. It never blocks the sender: a slow page loses unread messages, and
/// begins anew.
/// </summary>
internal sealed class FeedSubscriber
{
    private const int Longest = 512;

    private readonly Channel<LiveMessage> _messages = Channel.CreateBounded<LiveMessage>(Longest);

    /// <summary>Whether it lost something.</summary>
    public bool HasLost { get; private set; }

    /// <summary>Tells it.</summary>
    public void Tell(LiveMessage message) => HasLost |= !_messages.Writer.TryWrite(message);

    /// <summary>Drops all pending messages.</summary>
    public void Begin()
    {
        while (_messages.Reader.TryRead(out _))
        {
        }

        HasLost = false;
    }

    /// <summary>
    /// The next message; null where there is none yet and <paramref name="stopping"/> says that none will be waited
    /// for.
    /// </summary>
    public async ValueTask<LiveMessage?> Next(CancellationToken stopping, CancellationToken cancellationToken)
    {
        if (_messages.Reader.TryRead(out var there))
        {
            return there;
        }

        using var either = CancellationTokenSource.CreateLinkedTokenSource(stopping, cancellationToken);
        try
        {
            return await _messages.Reader.ReadAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }
}
