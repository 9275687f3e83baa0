using Ebm.Client.Local.Processes;
using Ebm.Core;

namespace Ebm.Client.Local;

/// <summary>States of a silo of a local cluster.</summary>
internal enum SiloState
{
    /// <summary>Its process runs; it is not yet a member.</summary>
    Starting,

    /// <summary>It is a member.</summary>
    Ready,

    /// <summary>It is a member whose process is paused (SIGSTOP).</summary>
    Paused,

    /// <summary>Its process has ended, and is restarted unless restarts are switched off.</summary>
    Ended,

    /// <summary>It is not restarted any more.</summary>
    GivenUp,

    /// <summary>It was removed from the cluster.</summary>
    Removed,
}

/// <summary>A silo of a local cluster: one name, and one process after another.</summary>
internal sealed class SiloProcess
{
    /// <summary>Exit code of a silo with an invalid configuration.</summary>
    private const int BadConfiguration = 2;

    /// <summary>Number of failures after which a silo that was never ready is given up.</summary>
    private const int FirstStarts = 3;

    private readonly SiloPlan _plan;
    private readonly SiloHost _host;
    private readonly LogFile _log;
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _gate = new();
    private readonly Task _supervision;
    private ChildProcess? _child;
    private string? _message;
    private int _deaths, _badConfigurations, _restarts;

    internal SiloProcess(SiloPlan plan, SiloHost host)
    {
        (_plan, _host) = (plan, host);
        _log = new LogFile(Path.Combine(host.Folder, plan.Name + ".log"));
        _supervision = Supervise();
    }

    /// <summary>Its name.</summary>
    public string Name => _plan.Name;

    /// <summary>Its roles, such as <c>control,chains</c>.</summary>
    public string Roles => _plan.Roles;

    /// <summary>Its device lanes.</summary>
    public int Lanes => _plan.Lanes;

    /// <summary>The path of its log, which has its standard error.</summary>
    public string Log => _log.Path;

    /// <summary>Its state.</summary>
    public SiloState State { get; private set; }

    /// <summary>The id of its process, or of the last one if none runs now.</summary>
    public int Process => _child?.Id ?? 0;

    /// <summary>
    /// Completes when it becomes a member for the first time; fails if it is given up or removed before.
    /// </summary>
    internal Task FirstReady => _first.Task;

    internal bool Kill() => _child?.Kill() ?? false;

    internal bool SendCommand(string line) => State is SiloState.Ready or SiloState.Paused && _child!.WriteLine(line);

    internal bool Pause() => Change(SiloState.Ready, SiloState.Paused) && _child!.Signal(ProcessSignals.Stop);

    internal bool Resume() => Change(SiloState.Paused, SiloState.Ready) && _child!.Signal(ProcessSignals.Continue);

    /// <summary>Ends the process gracefully: it leaves the cluster first.</summary>
    internal async Task Stop()
    {
        if (_child is not { Ended.IsCompleted: false } child)
        {
            return;
        }

        var starting = State == SiloState.Starting;
        child.EndInput();
        child.Signal(ProcessSignals.Continue);
        if (starting)
        {
            // A starting silo may not read its input yet.
            child.Signal(ProcessSignals.Terminate);
        }

        await child.WaitForEnd(_host.StopTime);
    }

    /// <summary>Ends it permanently.</summary>
    internal async Task Remove()
    {
        await _stopping.CancelAsync();
        await Stop();
        await _supervision;
        State = SiloState.Removed;
    }

    /// <summary>Kills it permanently, without waiting.</summary>
    internal void Quit()
    {
        _stopping.Cancel();
        Kill();
    }

    private async Task Supervise()
    {
        try
        {
            while (Start() is { } child)
            {
                var code = await child.Ended;
                OnEnded(child, code);
                if (PermanentFailure(code) is { } reason)
                {
                    GiveUp(reason);
                    return;
                }

                await _host.Gate.Pass(RestartGate.Backoff.Delay(++_restarts), _stopping.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // Removed while waiting for the restart.
        }
        catch (EbmException e)
        {
            GiveUp(e.Message);
        }
        finally
        {
            _first.TrySetException(new EbmException($"silo '{Name}' was stopped before it was ready."));
            _log.Dispose();
        }
    }

    private ChildProcess? Start()
    {
        lock (_gate)
        {
            if (_stopping.IsCancellationRequested)
            {
                return null;
            }

            _message = null;
            State = SiloState.Starting;
            return _child = _host.Start(_plan, OnLine, _log.Write);
        }
    }

    private void OnLine(string text)
    {
        switch (SiloLine.Read(text))
        {
            case { Type: "ready" }:
                _deaths = _badConfigurations = _restarts = 0;
                Change(SiloState.Starting, SiloState.Ready);
                _first.TrySetResult();
                _host.Events.Publish(new LocalEvent(LocalEventKind.SiloReady, Name, Process));
                break;
            case { Type: "fault" } fault:
                _ = PublishFault(new FaultReached(fault.Point, fault.Run, fault.Round, fault.Act), Process);
                break;
            case { Type: "error" } error:
                _message = error.Message;
                break;
            default:
                _log.Write(text);
                break;
        }
    }

    private async Task PublishFault(FaultReached fault, int process)
    {
        if (fault.Act == "pause")
        {
            // A subscriber may resume the process at once. A process that is not yet paused would miss that signal.
            await ProcessSignals.WaitUntilStopped(process);
            Change(SiloState.Ready, SiloState.Paused);
        }

        _host.Events.Publish(new LocalEvent(LocalEventKind.Fault, Name, process) { Fault = fault });
    }

    private void OnEnded(ChildProcess child, int code)
    {
        _deaths++;
        _badConfigurations = code == BadConfiguration ? _badConfigurations + 1 : 0;
        State = SiloState.Ended;
        _host.Events.Publish(
            new LocalEvent(LocalEventKind.SiloDied, Name, child.Id) { ExitCode = code, Message = _message });
    }

    /// <summary>The reason why a restart would fail again; null if it may succeed.</summary>
    private string? PermanentFailure(int code)
    {
        var reason = _message ?? (_log.Tail.Length > 0 ? _log.Tail : $"it ended with exit code {code}");
        return _badConfigurations == 2 || (_deaths == FirstStarts && !_first.Task.IsCompleted)
            ? $"{reason}\n({Name} ended {_deaths} times before it was ready; its log: {Log})"
            : null;
    }

    private void GiveUp(string reason)
    {
        State = SiloState.GivenUp;
        _first.TrySetException(new EbmException(reason));
        _host.Events.Publish(new LocalEvent(LocalEventKind.SiloGivenUp, Name, 0) { Message = reason });
    }

    /// <summary>Changes the state; false if it is not <paramref name="before"/>.</summary>
    private bool Change(SiloState before, SiloState after)
    {
        lock (_gate)
        {
            if (State != before)
            {
                return false;
            }

            State = after;
            return true;
        }
    }
}
