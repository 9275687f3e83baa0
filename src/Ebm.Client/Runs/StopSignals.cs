using System.Runtime.InteropServices;

namespace Ebm.Client.Runs;

/// <summary>
/// Ctrl-C, SIGTERM and the terminal's end: the first asks for a stop, the second quits at once, as does the first while
/// there is nothing yet to stop.
/// </summary>
internal sealed class StopSignals : IDisposable
{
    // One act of the user may arrive twice: at the process and at its group.
    private static readonly TimeSpan Echo = TimeSpan.FromMilliseconds(300);

    private readonly PosixSignalRegistration[] _registrations;
    private long _first;
    private readonly Action? _quit;
    private Action? _stop;
    private int _count;

    /// <param name="quit">What is done before quitting at once.</param>
    public StopSignals(Action? quit = null)
    {
        _quit = quit;
        _registrations =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGINT, On),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, On),
            PosixSignalRegistration.Create(PosixSignal.SIGHUP, On),
        ];
    }

    /// <summary>From now on the first signal calls <paramref name="stop"/>.</summary>
    public void Arm(Action stop) => Volatile.Write(ref _stop, stop);

    public void Dispose()
    {
        foreach (var registration in _registrations)
        {
            registration.Dispose();
        }
    }

    private void On(PosixSignalContext context)
    {
        context.Cancel = true;
        if (Volatile.Read(ref _stop) is { } stop && Interlocked.Increment(ref _count) == 1)
        {
            Volatile.Write(ref _first, TimeProvider.System.GetTimestamp());
            stop();
            return;
        }

        if (Volatile.Read(ref _first) is var first and not 0 && TimeProvider.System.GetElapsedTime(first) < Echo)
        {
            return;
        }

        if (!Console.IsOutputRedirected)
        {
            // A live view hides the cursor; show it again.
            Console.Out.Write("\e[?25h\n");
        }

        _quit?.Invoke();
        Console.Error.WriteLine("quit at once");
        Environment.Exit((int)ExitCode.Interrupted);
    }
}
