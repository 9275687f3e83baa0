using System.Diagnostics;

namespace Ebm.Deploy.Tests.Topology;

/// <summary>A silo on its host, started again when it ends, as a Deployment's pod is.</summary>
internal sealed class SiloPod : IAsyncDisposable
{
    private static readonly TimeSpan Backoff = TimeSpan.FromSeconds(1), Grace = TimeSpan.FromSeconds(30);

    private readonly Func<ProcessStartInfo> _command;
    private readonly string _log;
    private readonly CancellationTokenSource _ending = new();
    private readonly Task _life;
    private Process? _process;

    /// <summary>Starts it.</summary>
    /// <param name="command">Its program, on its host and with its environment.</param>
    /// <param name="log">The file that what it says goes to.</param>
    public SiloPod(Func<ProcessStartInfo> command, string log)
    {
        (_command, _log) = (command, log);
        _life = Live();
    }

    /// <summary>Processes that it has had.</summary>
    public int Starts { get; private set; }

    /// <summary>Kills its process (-9).</summary>
    public void Kill() => _process?.Kill();

    /// <summary>Ends it for good, as scaling down does: SIGTERM, and SIGKILL after a while.</summary>
    public async Task Remove()
    {
        await _ending.CancelAsync();
        if (_process is { HasExited: false } process)
        {
            Output.Of("kill", "-TERM", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture));
            using var time = new CancellationTokenSource(Grace);
            await process.WaitForExitAsync(time.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            Kill();
        }

        await _life;
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        Kill();
        await _life;
        _ending.Dispose();
    }

    private async Task Live()
    {
        while (!_ending.IsCancellationRequested)
        {
            var start = _command();
            (start.RedirectStandardError, start.RedirectStandardOutput) = (true, true);
            using var process = Process.Start(start)!;
            process.OutputDataReceived += (_, line) => Note(line.Data);
            process.ErrorDataReceived += (_, line) => Note(line.Data);
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
            (_process, Starts) = (process, Starts + 1);
            await process.WaitForExitAsync();
            _process = null;
            await Task.Delay(Backoff, _ending.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void Note(string? line)
    {
        lock (_ending)
        {
            File.AppendAllText(_log, line + "\n");
        }
    }
}
