using System.Diagnostics;

namespace Ebm.Client.Local.Processes;

/// <summary>
/// A process in its own session, so that Ctrl-C in this terminal does not reach it. It waits for a line of its input
/// until the watchdog guards it: if this process is killed at any moment, the child ends too.
/// </summary>
internal sealed class ChildProcess
{
    private const string WaitForGo = """read -r go && exec "$@" """;

    private readonly Process _process;
    private readonly Watchdog _watchdog;

    private ChildProcess(Process process, ChildStart start, Watchdog watchdog)
    {
        (_process, _watchdog, Id) = (process, watchdog, process.Id);
        Ended = AwaitExit(
            Forward(process.StandardOutput, start.Output), Forward(process.StandardError, start.Errors));
    }

    /// <summary>Its process id.</summary>
    public int Id { get; }

    /// <summary>Completes with its exit code (128 + n after signal n), after its output has been read.</summary>
    public Task<int> Ended { get; }

    /// <summary>Starts a process.</summary>
    public static ChildProcess Start(ChildStart start, Watchdog watchdog)
    {
        var process = Programs.Start(
            start.Folder, ["setsid", "sh", "-c", WaitForGo, "sh", .. start.Command], start.Environment);
        watchdog.Guard(process.Id, start.EndsLast);
        var child = new ChildProcess(process, start, watchdog);
        child.WriteLine("go");
        return child;
    }

    /// <summary>Writes a line to its input; false if the process has ended.</summary>
    public bool WriteLine(string line)
    {
        try
        {
            lock (_process)
            {
                _process.StandardInput.WriteLine(line);
                _process.StandardInput.Flush();
            }

            return true;
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            return false;
        }
    }

    /// <summary>Closes its input: a silo then stops gracefully.</summary>
    public void EndInput()
    {
        try
        {
            _process.StandardInput.Close();
        }
        catch (IOException)
        {
            // The process has ended.
        }
    }

    /// <summary>Sends a signal; false if the process has ended.</summary>
    public bool Signal(int signal) => !Ended.IsCompleted && !_process.HasExited && ProcessSignals.Send(Id, signal);

    /// <summary>Kills it (SIGKILL); false if the process has ended.</summary>
    public bool Kill()
    {
        if (Ended.IsCompleted || _process.HasExited)
        {
            return false;
        }

        _process.Kill();
        return true;
    }

    /// <summary>Waits for its end, and kills it after <paramref name="timeout"/>.</summary>
    public async Task WaitForEnd(TimeSpan timeout)
    {
        try
        {
            await Ended.WaitAsync(timeout);
        }
        catch (TimeoutException)
        {
            Kill();
            await Ended;
        }
    }

    private async Task<int> AwaitExit(Task output, Task errors)
    {
        await _process.WaitForExitAsync();
        _watchdog.Forget(Id);

        // A descendant may hold the pipes open; so the wait is bounded.
        await Task.WhenAny(Task.WhenAll(output, errors), Task.Delay(TimeSpan.FromSeconds(2)));
        return _process.ExitCode;
    }

    private static async Task Forward(StreamReader reader, Action<string> sink)
    {
        try
        {
            while (await reader.ReadLineAsync() is { } line)
            {
                sink(line);
            }
        }
        catch (IOException)
        {
            // The other end of the pipe was closed within a line.
        }
    }
}
