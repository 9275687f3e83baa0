namespace Ebm.Grains.Epochs;

/// <summary>
/// The request that an epoch ends at its next round boundary. It is kept here alone: it may arrive while the epoch is
/// still being restored. Used from the parameter server's turns only.
/// </summary>
internal sealed class StopSignal
{
    private readonly CancellationTokenSource _interrupt = new();
    private Action? _subscribers;

    /// <summary>Whether the epoch has to end.</summary>
    public bool IsRequested { get; private set; }

    /// <summary>
    /// Whether it ends because its silo stops, so that a parameter server elsewhere continues the run.
    /// </summary>
    public bool IsHandover { get; private set; }

    /// <summary>Cancelled by the request: for waits that a stop cuts short.</summary>
    public CancellationToken Interrupt => _interrupt.Token;

    /// <summary>Requests the end. A second request changes nothing.</summary>
    public void Request()
    {
        IsRequested = true;
        _subscribers?.Invoke();
        _interrupt.Cancel();
    }

    /// <summary>Requests the end, for a parameter server elsewhere to continue the run.</summary>
    public void RequestHandover()
    {
        IsHandover = true;
        Request();
    }

    /// <summary>Calls <paramref name="act"/> with every request, and now if there was one already.</summary>
    public void Subscribe(Action act)
    {
        _subscribers += act;
        if (IsRequested)
        {
            act();
        }
    }
}
