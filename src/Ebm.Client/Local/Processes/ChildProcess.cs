using System.Diagnostics;

namespace Ebm.Client.Local.Processes;

/// <summary>
/// A process in a session of its own, so that a Ctrl-C in our terminal does not reach it. It is held at a line of its
/// input until the watchdog knows it: at no moment could we be killed and leave it behind.
/// </summary>
internal sealed class ChildProcess
{
    private const string Held = """read -r go && exec "$@" """;

    private readonly Process _process;
    private readonly Watchdog _watchdog;

    private ChildProcess(Process process, ChildStart start, Watchdog watchdog)
    {
        (_process, _watchdog, Id) = (process, watchdog, process.Id);
        Ended = End(Pump(process.StandardOutput, start.Output), Pump(process.StandardError, start.Errors));
    }

    /// <summary>Its process id.</summary>
    public int Id { get; }

    /// <summary>Completes with its exit code (128 + n after signal n), when its output was read too.</summary>
    public Task<int> Ended { get; }

    /// <summary>Starts it.</summary>
    public static ChildProcess Start(ChildStart what, Watchdog watchdog)
    {
        var process = Programs.Start(
            what.Folder, ["setsid", "sh", "-c", Held, "sh", .. what.Command], what.Environment);
        watchdog.Guard(process.Id, what.EndsLast);
        var child = new ChildProcess(process, what, watchdog);
        child.Say("go");
        return child;
    }

    /// <summary>Writes a line to its input; false if it is gone.</summary>
    public bool Say(string line)
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

    /// <summary>Ends its input: a silo stops gracefully.</summary>
    public void EndInput()
    {
        try
        {
            _process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It is gone already.
        }
    }

    /// <summary>Sends a signal; false if it is gone.</summary>
    public bool Signal(int signal) => !Ended.IsCompleted && !_process.HasExited && ProcessSignals.Send(Id, signal);

    /// <summary>Kills it (-9); false if it is gone.</summary>
    public bool Kill()
    {
        if (Ended.IsCompleted || _process.HasExited)
        {
            return false;
        }

        _process.Kill();
        return true;
    }

    /// <summary>Waits for its end, and kills it if that takes too long.</summary>
    public async Task EndsWithin(TimeSpan patience)
    {
        try
        {
            await Ended.WaitAsync(patience);
        }
        catch (TimeoutException)
        {
            Kill();
            await Ended;
        }
    }

    private async Task<int> End(Task output, Task errors)
    {
        await _process.WaitForExitAsync();
        _watchdog.Forget(Id);

        // What it had started may hold its pipes open; nobody waits for that.
        await Task.WhenAny(Task.WhenAll(output, errors), Task.Delay(TimeSpan.FromSeconds(2)));
        return _process.ExitCode;
    }

    private static async Task Pump(StreamReader reader, Action<string> take)
    {
        try
        {
            while (await reader.ReadLineAsync() is { } line)
            {
                take(line);
            }
        }
        catch (IOException)
        {
            // The pipe's other end went away in the middle of a line.
        }
    }
}
