using Ebm.Contracts.Retries;

namespace Ebm.Client.Local.Processes;

/// <summary>
/// Decides when something that ended is started again: after a pause, when it is allowed, or at once when asked for.
/// </summary>
internal sealed class RestartGate(TimeProvider time)
{
    /// <summary>The delays before restarts: 0.5, 1, 2, 4, 5, 5, ... seconds.</summary>
    public static readonly Backoff Backoff = new(TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(5));

    private readonly Lock _gate = new();
    private TaskCompletionSource _changed = New();
    private bool _open = true, _hurry;
    private int _holds;

    /// <summary>Whether it is started again without being asked for.</summary>
    public bool Open
    {
        get => _open;
        set => Change(() => _open = value);
    }

    /// <summary>Lets it through once, without a pause and also where the gate is closed.</summary>
    public void Hurry() => Change(() => _hurry = true);

    /// <summary>Nobody passes until <see cref="Release"/>.</summary>
    public void Hold() => Change(() => _holds++);

    /// <summary>Takes a hold back.</summary>
    public void Release() => Change(() => _holds--);

    /// <summary>Returns when it may be started.</summary>
    public async Task Pass(TimeSpan pause, CancellationToken stopping)
    {
        for (var paused = false; ;)
        {
            Task changed;
            bool mayPause;
            lock (_gate)
            {
                if (_holds == 0 && (_hurry || (_open && paused)))
                {
                    _hurry = false;
                    return;
                }

                (changed, mayPause) = (_changed.Task, _open && !paused);
            }

            if (mayPause)
            {
                using var over = CancellationTokenSource.CreateLinkedTokenSource(stopping);
                var pausing = Task.Delay(pause, time, over.Token);
                paused = await Task.WhenAny(pausing, changed) == pausing;
                await over.CancelAsync();
                stopping.ThrowIfCancellationRequested();
            }
            else
            {
                await changed.WaitAsync(stopping);
            }
        }
    }

    private void Change(Action change)
    {
        TaskCompletionSource changed;
        lock (_gate)
        {
            change();
            (changed, _changed) = (_changed, New());
        }

        changed.SetResult();
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
