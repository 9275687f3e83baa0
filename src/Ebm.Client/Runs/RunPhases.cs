using Ebm.Client.Progress;
using Ebm.Contracts.Runs;

namespace Ebm.Client.Runs;

/// <summary>
/// Phases of a run in a cluster that have no event: waiting, starting, working. Each is shown once.
/// </summary>
internal sealed class RunPhases(IRunView view, RunLocation place)
{
    private string? _waiting;
    private string? _beginning;
    private bool _started;

    /// <summary>Shows what has changed.</summary>
    public void Reached(RunStatus status)
    {
        if (!status.IsUnfinished)
        {
            return;
        }

        if (status.Waiting != _waiting)
        {
            view.Notice(status.Waiting is null ? "goes on" : $"waiting: {status.Waiting}");
            _waiting = status.Waiting;
        }

        if (_started)
        {
            return;
        }

        if (RunFacts.Of(status, place) is { } facts)
        {
            _started = true;
            view.Started(facts, status);
            if (status.Latest is { } latest)
            {
                view.Show(
                    new RunEvent(status.LastEvent, RunEventKind.Round, latest.Figures.Round, Report: latest), status);
            }
        }
        else if (_waiting is null && Beginning(status.State) is var beginning && beginning != _beginning)
        {
            _beginning = beginning;
            view.Notice(beginning);
        }
    }

    /// <summary>Whether an event states what is shown here already.</summary>
    public static bool Covers(RunEvent e) => e.Kind is RunEventKind.Waiting or RunEventKind.Resumed;

    private static string Beginning(RunState state) => state switch
    {
        RunState.Pending => "pending",
        RunState.Stopping => "stopping",
        _ => "starting: its data is read, its shards are placed",
    };
}
