using Ebm.Client.Progress;
using Ebm.Grains.TensorBoard;
using Ebm.Reporting.TensorBoard;

namespace Ebm.Client.Runs;

/// <summary>
/// The event files of a running run; their problems are shown. They never end the run.
/// </summary>
internal sealed class EventFiles : IAsyncDisposable
{
    private readonly EventWriter _writer;
    private bool _told;

    /// <summary>Event files in a folder.</summary>
    public EventFiles(string folder, TimeProvider time)
    {
        _writer = new EventWriter(folder, time);
        Board = new TensorBoardRun(_writer);
    }

    /// <summary>Who writes the run into them.</summary>
    public TensorBoardRun Board { get; }

    /// <summary>Tells the first thing that went wrong, once.</summary>
    public void Tell(IEventView view)
    {
        if (!_told && _writer.Problem is { } problem)
        {
            _told = true;
            view.Notice(problem);
        }
    }

    /// <summary>Writes the rest of them, and reports a failure.</summary>
    public async Task Close(IEventView view)
    {
        await DisposeAsync();
        Tell(view);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _writer.DisposeAsync();
}
