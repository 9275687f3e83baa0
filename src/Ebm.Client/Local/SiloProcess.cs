using Ebm.Client.Local.Processes;
using Ebm.Core;

namespace Ebm.Client.Local;

/// <summary>Where a silo of a local cluster is in its life.</summary>
public enum SiloState
{
    /// <summary>It has a process, which is not yet a member.</summary>
    Starting,

    /// <summary>It is a member.</summary>
    Ready,

    /// <summary>It is a member whose process is stopped (SIGSTOP).</summary>
    Paused,

    /// <summary>Its process has ended, and is started again unless that is switched off.</summary>
    Ended,

    /// <summary>It is not started again.</summary>
    GivenUp,

    /// <summary>It was taken out of the cluster.</summary>
    Removed,
}

/// <summary>A silo of a local cluster: one name, and one process after another.</summary>
public sealed class SiloProcess
{
    /// <summary>The exit code with which a silo says that it can never start like this.</summary>
    private const int BadConfiguration = 2;

    private const int FirstStarts = 3;

    private readonly SiloPlan _plan;
    private readonly SiloHost _host;
    private readonly LogFile _log;
    private readonly Backoff _pauses = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _gate = new();
    private readonly Task _life;
    private ChildProcess? _child;
    private string? _message;
    private int _deaths, _badConfigurations;

    internal SiloProcess(SiloPlan plan, SiloHost host)
    {
        (_plan, _host) = (plan, host);
        _log = new LogFile(Path.Combine(host.Folder, plan.Name + ".log"));
        _life = Live();
    }

    /// <summary>Its name.</summary>
    public string Name => _plan.Name;

    /// <summary>Its roles, such as <c>control,chains</c>.</summary>
    public string Roles => _plan.Roles;

    /// <summary>Its device lanes.</summary>
    public int Lanes => _plan.Lanes;

    /// <summary>Where its standard error goes.</summary>
    public string Log => _log.Path;

    /// <summary>Where it is in its life.</summary>
    public SiloState State { get; private set; }

    /// <summary>Its process, the last one where it has none now.</summary>
    public int Process => _child?.Id ?? 0;

    /// <summary>Completes when it was a member for the first time; fails if that will not be.</summary>
    internal Task FirstReady => _first.Task;

    internal bool Kill() => _child?.Kill() ?? false;

    internal bool Say(string line) => State is SiloState.Ready or SiloState.Paused && _child!.Say(line);

    internal bool Pause() => Is(SiloState.Ready, SiloState.Paused) && _child!.Signal(ProcessSignals.Stop);

    internal bool Resume() => Is(SiloState.Paused, SiloState.Ready) && _child!.Signal(ProcessSignals.Continue);

    /// <summary>Lets the process end by itself: it leaves the cluster first.</summary>
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
            // It may not read its input yet.
            child.Signal(ProcessSignals.Terminate);
        }

        await child.EndsWithin(_host.StopTime);
    }

    /// <summary>Ends it for good.</summary>
    internal async Task Remove()
    {
        await _stopping.CancelAsync();
        await Stop();
        await _life;
        State = SiloState.Removed;
    }

    /// <summary>Kills it for good, without waiting.</summary>
    internal void Quit()
    {
        _stopping.Cancel();
        Kill();
    }

    private async Task Live()
    {
        try
        {
            while (Start() is { } child)
            {
                var code = await child.Ended;
                Died(child, code);
                if (WhyHopeless(code) is { } why)
                {
                    GiveUp(why);
                    return;
                }

                await _host.Gate.Pass(_pauses.Next(), _stopping.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // It was removed while it waited.
        }
        catch (EbmException e)
        {
            GiveUp(e.Message);
        }
        finally
        {
            _first.TrySetException(new EbmException($"{Name} was stopped before it was ready."));
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
                _pauses.Reset();
                _deaths = _badConfigurations = 0;
                Is(SiloState.Starting, SiloState.Ready);
                _first.TrySetResult();
                _host.Events.Tell(new LocalEvent(LocalEventKind.SiloReady, Name, Process));
                break;
            case { Type: "fault" } fault:
                _ = Reached(new FaultReached(fault.Point, fault.Run, fault.Round, fault.Act), Process);
                break;
            case { Type: "error" } error:
                _message = error.Message;
                break;
            default:
                _log.Write(text);
                break;
        }
    }

    private async Task Reached(FaultReached fault, int process)
    {
        if (fault.Act == "pause")
        {
            // Whoever hears of it may resume it at once, and that would be lost on one that is not stopped yet.
            await ProcessSignals.Stopped(process);
            Is(SiloState.Ready, SiloState.Paused);
        }

        _host.Events.Tell(new LocalEvent(LocalEventKind.Fault, Name, process) { Fault = fault });
    }

    private void Died(ChildProcess child, int code)
    {
        _deaths++;
        _badConfigurations = code == BadConfiguration ? _badConfigurations + 1 : 0;
        State = SiloState.Ended;
        _host.Events.Tell(new LocalEvent(LocalEventKind.SiloDied, Name, child.Id) { ExitCode = code,
            Message = _message });
    }

    /// <summary>Why starting it again would not help; null if it may.</summary>
    private string? WhyHopeless(int code)
    {
        var why = _message ?? (_log.Tail.Length > 0 ? _log.Tail : $"it ended with exit code {code}");
        return _badConfigurations == 2 || (_deaths == FirstStarts && !_first.Task.IsCompleted)
            ? $"{why}\n({Name} ended before it was ready {_deaths} times; its log is {Log})"
            : null;
    }

    private void GiveUp(string why)
    {
        State = SiloState.GivenUp;
        _first.TrySetException(new EbmException(why));
        _host.Events.Tell(new LocalEvent(LocalEventKind.SiloGivenUp, Name, 0) { Message = why });
    }

    private bool Is(SiloState before, SiloState after)
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
