using Ebm.Client.Output;
using Ebm.Client.Progress;

namespace Ebm.Client.Runs;

/// <summary>A run on the screen: submitted, followed and shown, with its end as an exit code.</summary>
internal static class RunSession
{
    /// <summary>
    /// Follows a run to its end. The first signal stops it or detaches from it; the second quits at once.
    /// </summary>
    /// <param name="format">The format of the output.</param>
    /// <param name="open">Prepares the run, which is shown in the view.</param>
    public static async Task<ExitCode> Follow(OutputFormat format, Func<IRunView, Task<ISessionRun>> open)
    {
        using var view = Views.For(format);
        using var detach = new CancellationTokenSource();
        using var signals = new StopSignals();
        await using var run = await open(view);
        var status = await run.Submit();
        signals.Arm(() =>
        {
            if (!run.TryStop())
            {
                detach.Cancel();
            }
        });
        status = await run.Follow(status, detach.Token);
        await run.CloseFiles();
        if (status.IsUnfinished)
        {
            view.Detached(status, run.Place);
            return ExitCode.Succeeded;
        }

        var outcome = run.Describe(status);
        view.Ended(outcome);
        return outcome.ExitCode;
    }

    /// <summary>Submits a run, and leaves it at once.</summary>
    /// <param name="format">The format of the output.</param>
    /// <param name="open">Prepares the run, which is shown in the view.</param>
    public static async Task<ExitCode> Leave(OutputFormat format, Func<IRunView, Task<ISessionRun>> open)
    {
        using var view = Views.For(format);
        await using var run = await open(view);
        var status = await run.Submit();
        view.Accepted(status, run.Place);
        view.Detached(status, run.Place);
        return ExitCode.Succeeded;
    }
}
