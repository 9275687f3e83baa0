using System.Threading.Channels;

namespace Ebm.Silo.Pages;

/// <summary>
/// What a page has yet to be told. It never holds up who tells it: a page that is slow loses what it has not read, and
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

    /// <summary>Forgets all that was told.</summary>
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
