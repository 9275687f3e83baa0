using System.Threading.Channels;
using Ebm.Client.Progress;
using Ebm.Client.Runs;
using Ebm.Contracts.Runs;
using Ebm.Core;
using Ebm.Grains.TensorBoard;
using Ebm.RunFolders;

namespace Ebm.Client.Remote;

/// <summary>
/// Tells TensorBoard of a run in a cluster while it is shown: first of all that is known of it, which voids what an
/// earlier watch wrote, then of what happens. Files are fetched beside the view, which never waits for them.
/// </summary>
internal sealed class RemoteTensorBoard : IEventView, IAsyncDisposable
{
    // What is still to be fetched at the end is waited for so long.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly RemoteRun _run;
    private readonly IEventView _view;
    private readonly EventFiles _files;
    private readonly Channel<RunEvent> _told = Channel.CreateUnbounded<RunEvent>();
    private readonly Task _telling;

    // What happened while the past was fetched is told twice: by the past, and as an event.
    private readonly HashSet<(string File, DateTimeOffset At)> _written = [];
    private long _latest;
    private volatile string? _problem;

    /// <summary>Tells of a run into a folder, beside a view.</summary>
    public RemoteTensorBoard(RemoteRun run, IEventView view, string folder)
    {
        (_run, _view) = (run, view);
        _files = new EventFiles(folder, TimeProvider.System);
        _telling = Tell();
    }

    private TensorBoardRun Board => _files.Board;

    /// <inheritdoc/>
    public void Show(RunEvent e, RunStatus status)
    {
        _view.Show(e, status);
        _files.Tell(_view);
        _told.Writer.TryWrite(e);
    }

    /// <inheritdoc/>
    public void Notice(string text) => _view.Notice(text);

    /// <summary>Waits for what is still to be fetched, writes it, and says what is missing.</summary>
    public async Task Close()
    {
        await DisposeAsync();
        _files.Tell(_view);
        if (_problem is { } problem)
        {
            _view.Notice($"the event files for TensorBoard lack something: {problem}");
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _told.Writer.TryComplete();
        await Task.WhenAny(_telling, Task.Delay(Patience, TimeProvider.System));
        await _files.DisposeAsync();
    }

    private async Task Tell()
    {
        await Try(Past);
        await foreach (var e in _told.Reader.ReadAllAsync())
        {
            await Try(() => Tell(e));
        }
    }

    private async Task Past()
    {
        Board.GoOnAfter(-1);
        var rounds = await _run.Metrics();
        _latest = rounds is [.., var last] ? last.Figures.Round : 0;
        Board.Rounds(rounds);
        var files = new List<RunEvent>();
        foreach (var e in (await _run.Events(0)).Events)
        {
            if (e.Kind == RunEventKind.Rollback)
            {
                files.RemoveAll(file => file.Round > e.Round);
            }
            else if (e is { File: { } name } && RunFile.Parse(name) is not null)
            {
                files.Add(e);
            }
        }

        foreach (var file in files.DistinctBy(file => file.File))
        {
            await Tell(file);
        }
    }

    private async Task Tell(RunEvent e)
    {
        switch (e.Kind)
        {
            // A round that is repeated after a death has the figures that it had.
            case RunEventKind.Round when e.Report is { } report && e.Round > _latest:
                _latest = e.Round;
                Board.Round(report);
                break;
            case RunEventKind.Rollback:
                _latest = e.Round;
                Board.GoOnAfter(e.Round);
                break;
            case RunEventKind.Artefact when e.File is { } name && RunFile.Parse(name) is not null:
                if (_written.Add((name, e.At)) && await _run.Artefact(name) is { } bytes)
                {
                    Board.Artefact(name, bytes);
                }

                break;
        }
    }

    private async Task Try(Func<Task> tell)
    {
        try
        {
            await tell();
        }
        catch (EbmException e)
        {
            _problem = e.Message;
        }
    }
}
