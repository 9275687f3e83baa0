using Ebm.Client.Local.Processes;
using Ebm.Core;

namespace Ebm.Client.Local;

/// <summary>A local cluster's Redis: one folder and port, and one process after another.</summary>
public sealed class RedisProcess
{
    internal const string Name = "redis";

    private static readonly TimeSpan StopTime = TimeSpan.FromSeconds(20);

    private readonly string _program, _folder, _password;
    private readonly TimeProvider _time;
    private readonly Watchdog _watchdog;
    private readonly LocalEvents _events;
    private readonly LogFile _log;
    private readonly RestartGate _gate;
    private readonly Backoff _pauses = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _starting = new();
    private readonly Task _life;
    private TaskCompletionSource _ready = New();
    private ChildProcess? _child;
    private bool _wasReady;

    internal RedisProcess(
        string program, string folder, int port, string password, TimeProvider time, Watchdog watchdog,
        LocalEvents events)
    {
        (_program, _folder, _password, _time, _watchdog, _events) = (program, folder, password, time, watchdog, events);
        Port = port;
        RedisFiles.Write(folder, port, password);
        _log = new LogFile(Path.Combine(folder, "redis.log"));
        _gate = new RestartGate(time);
        _life = Live();
    }

    /// <summary>Its port of 127.0.0.1.</summary>
    public int Port { get; }

    /// <summary>Its address, with its password.</summary>
    public string Url => $"redis://:{_password}@127.0.0.1:{Port}";

    /// <summary>Its process, the last one where it has none now.</summary>
    public int Process => _child?.Id ?? 0;

    /// <summary>Whether it serves.</summary>
    public bool IsReady => _ready.Task.IsCompletedSuccessfully;

    /// <summary>Where its output goes.</summary>
    public string Log => _log.Path;

    /// <summary>Whether it is started again when it has ended.</summary>
    public bool AutoRestart
    {
        get => _gate.Open;
        set => _gate.Open = value;
    }

    /// <summary>Kills it (-9); false if it has no process.</summary>
    public bool Kill() => _child?.Kill() ?? false;

    /// <summary>Stops its process where it is; false if it has none.</summary>
    public bool Pause() => _child?.Signal(ProcessSignals.Stop) ?? false;

    /// <summary>Lets it go on.</summary>
    public bool Resume() => _child?.Signal(ProcessSignals.Continue) ?? false;

    /// <summary>
    /// Ends it gracefully if it runs, and starts it at once, also where that is switched off. Returns when it serves.
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
        await Ready(cancel);
    }

    /// <summary>
    /// What a loss of power may do: kills it, takes from its log what was written in the last <paramref name="age"/>
    /// (and up to a second more, since its log counts in seconds), and starts it. Returns when it serves.
    /// </summary>
    public async Task CutLog(TimeSpan age, CancellationToken cancel = default)
    {
        _gate.Hold();
        try
        {
            Kill();
            await Ended();
            LogCut.Apply(Path.Combine(_folder, "appendonlydir"), _time.GetUtcNow() - age);
        }
        finally
        {
            _gate.Release();
        }

        _gate.Hurry();
        await Ready(cancel);
    }

    /// <summary>Waits until it serves.</summary>
    internal Task Ready(CancellationToken cancel)
    {
        lock (_starting)
        {
            return _ready.Task.WaitAsync(cancel);
        }
    }

    /// <summary>Ends it for good, after everything was written to the disk.</summary>
    internal async Task Stop()
    {
        await _stopping.CancelAsync();
        await End();
        await _life;
    }

    /// <summary>Kills it for good, without waiting.</summary>
    internal void Quit()
    {
        _stopping.Cancel();
        Kill();
    }

    private async Task End()
    {
        _child?.Signal(ProcessSignals.Terminate);
        _child?.Signal(ProcessSignals.Continue);
        await (_child?.EndsWithin(StopTime) ?? Task.CompletedTask);
        await Ended();
    }

    // Its end is known when nobody takes it for ready any more.
    private async Task Ended()
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

    private async Task Live()
    {
        try
        {
            while (Start() is { } child)
            {
                await Serve(child);
                var code = await child.Ended;
                await Ended();
                _events.Tell(new LocalEvent(LocalEventKind.RedisDied, Name, child.Id) { ExitCode = code });
                if (!_wasReady)
                {
                    // One that cannot start the first time will not get better by being started again.
                    return;
                }

                await _gate.Pass(_pauses.Next(), _stopping.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // It was stopped while it waited.
        }
        catch (EbmException e)
        {
            _ready.TrySetException(e);
        }
        finally
        {
            lock (_starting)
            {
                _ready.TrySetException(new EbmException($"redis-server has ended:\n{_log.Tail}\n(its log is {Log})"));
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

    /// <summary>Returns when it serves, or has ended.</summary>
    private async Task Serve(ChildProcess child)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
        var answers = RedisPing.Answers(Port, _password, ended.Token);
        if (await Task.WhenAny(answers, child.Ended) == answers && answers.IsCompletedSuccessfully)
        {
            _pauses.Reset();
            _wasReady = true;
            _ready.TrySetResult();
            _events.Tell(new LocalEvent(LocalEventKind.RedisReady, Name, child.Id));
        }

        await ended.CancelAsync();
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
