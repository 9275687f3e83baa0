using Ebm.Client.Local.Processes;
using Ebm.Core;

namespace Ebm.Client.Local;

/// <summary>Redis of a local cluster: one folder and one port, served by one process after another.</summary>
internal sealed class RedisProcess
{
    internal const string Name = "redis";

    private static readonly TimeSpan StopTime = TimeSpan.FromSeconds(20);

    private readonly string _program, _folder, _password;
    private readonly TimeProvider _time;
    private readonly Watchdog _watchdog;
    private readonly LocalEvents _events;
    private readonly LogFile _log;
    private readonly RestartGate _gate;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _starting = new();
    private readonly Task _supervision;
    private TaskCompletionSource _ready = New();
    private ChildProcess? _child;
    private bool _wasReady;
    private int _failures;

    internal RedisProcess(
        string program, string folder, int port, string password, TimeProvider time, Watchdog watchdog,
        LocalEvents events)
    {
        (_program, _folder, _password, _time, _watchdog, _events) = (program, folder, password, time, watchdog, events);
        Port = port;
        RedisFiles.Write(folder, port, password);
        _log = new LogFile(Path.Combine(folder, "redis.log"));
        _gate = new RestartGate(time);
        _supervision = Supervise();
    }

    /// <summary>Its port on 127.0.0.1.</summary>
    public int Port { get; }

    /// <summary>Its address, with its password.</summary>
    public string Url => $"redis://:{_password}@127.0.0.1:{Port}";

    /// <summary>The id of its process, or of the last one if none runs now.</summary>
    public int Process => _child?.Id ?? 0;

    /// <summary>Whether it serves.</summary>
    public bool IsReady => _ready.Task.IsCompletedSuccessfully;

    /// <summary>The path of its log.</summary>
    public string Log => _log.Path;

    /// <summary>Whether it is restarted when it has ended.</summary>
    public bool AutoRestart
    {
        get => _gate.Open;
        set => _gate.Open = value;
    }

    /// <summary>Kills its process (SIGKILL); false if it has none.</summary>
    public bool Kill() => _child?.Kill() ?? false;

    /// <summary>Pauses its process (SIGSTOP); false if it has none.</summary>
    public bool Pause() => _child?.Signal(ProcessSignals.Stop) ?? false;

    /// <summary>Resumes its process.</summary>
    public bool Resume() => _child?.Signal(ProcessSignals.Continue) ?? false;

    /// <summary>
    /// Ends it gracefully if it runs, and starts it at once, even if <see cref="AutoRestart"/> is off. Returns when it
    /// serves.
    /// </summary>
    public async Task Restart(CancellationToken cancel = default)
    {
        _gate.Hold();
        try
        {
            await End();
        }
        finally
        {
            _gate.Release();
        }

        _gate.Hurry();
        await WaitUntilReady(cancel);
    }

    /// <summary>
    /// Simulates a loss of power: kills it, removes from its log the writes of the last <paramref name="age"/> (and up
    /// to a second more, because the log has timestamps in seconds), and starts it. Returns when it serves.
    /// </summary>
    public async Task CutLog(TimeSpan age, CancellationToken cancel = default)
    {
        _gate.Hold();
        try
        {
            Kill();
            await WaitForEnd();
            LogCut.Apply(Path.Combine(_folder, "appendonlydir"), _time.GetUtcNow() - age);
        }
        finally
        {
            _gate.Release();
        }

        _gate.Hurry();
        await WaitUntilReady(cancel);
    }

    /// <summary>Waits until it serves.</summary>
    internal Task WaitUntilReady(CancellationToken cancel)
    {
        lock (_starting)
        {
            return _ready.Task.WaitAsync(cancel);
        }
    }

    /// <summary>Ends it permanently; it writes all data to the disk first.</summary>
    internal async Task Stop()
    {
        await _stopping.CancelAsync();
        await End();
        await _supervision;
    }

    /// <summary>Kills it permanently, without waiting.</summary>
    internal void Quit()
    {
        _stopping.Cancel();
        Kill();
    }

    private async Task End()
    {
        _child?.Signal(ProcessSignals.Terminate);
        _child?.Signal(ProcessSignals.Continue);
        await (_child?.WaitForEnd(StopTime) ?? Task.CompletedTask);
        await WaitForEnd();
    }

    // Also clears the ready state, so that no caller sees the ended process as ready.
    private async Task WaitForEnd()
    {
        await (_child?.Ended ?? Task.CompletedTask);
        lock (_starting)
        {
            if (_ready.Task.IsCompletedSuccessfully)
            {
                _ready = New();
            }
        }
    }

    private async Task Supervise()
    {
        try
        {
            while (Start() is { } child)
            {
                await WaitUntilReadyOrEnded(child);
                var code = await child.Ended;
                await WaitForEnd();
                _events.Publish(new LocalEvent(LocalEventKind.RedisDied, Name, child.Id) { ExitCode = code });
                if (!_wasReady)
                {
                    // A first start that fails would fail again.
                    return;
                }

                await _gate.Pass(RestartGate.Backoff.Delay(++_failures), _stopping.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // Stopped while waiting for the restart.
        }
        catch (EbmException e)
        {
            _ready.TrySetException(e);
        }
        finally
        {
            lock (_starting)
            {
                _ready.TrySetException(new EbmException($"redis-server has ended:\n{_log.Tail}\n(its log: {Log})"));
                _ = _ready.Task.Exception;
            }

            _log.Dispose();
        }
    }

    private ChildProcess? Start()
    {
        lock (_starting)
        {
            return _stopping.IsCancellationRequested ? null : _child = ChildProcess.Start(
                new ChildStart
                {
                    Command = [_program, RedisFiles.Configuration],
                    Folder = _folder,
                    Output = _log.Write,
                    Errors = _log.Write,
                    EndsLast = true,
                },
                _watchdog);
        }
    }

    private async Task WaitUntilReadyOrEnded(ChildProcess child)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
        var ready = RedisPing.WaitUntilReady(Port, _password, ended.Token);
        if (await Task.WhenAny(ready, child.Ended) == ready && ready.IsCompletedSuccessfully)
        {
            _failures = 0;
            _wasReady = true;
            _ready.TrySetResult();
            _events.Publish(new LocalEvent(LocalEventKind.RedisReady, Name, child.Id));
        }

        await ended.CancelAsync();
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
