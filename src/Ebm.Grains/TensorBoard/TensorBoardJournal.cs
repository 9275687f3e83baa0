using Ebm.Contracts.Runs;
using Ebm.Grains.Stores;
using Ebm.RunFolders;

namespace Ebm.Grains.TensorBoard;

/// <summary>A journal of one run that also writes event files: of accepted entries, in their order.</summary>
/// <param name="journal">The journal, which this one closes.</param>
/// <param name="board">Writer of the event files.</param>
internal sealed class TensorBoardJournal(FileRunJournal journal, TensorBoardRun board) : IRunJournal, IDisposable
{
    private bool _caughtUp;

    /// <inheritdoc/>
    public async Task AppendMetrics(string run, long epoch, IReadOnlyList<RoundReport> reports)
    {
        await journal.AppendMetrics(run, epoch, reports);
        foreach (var report in reports)
        {
            board.Round(report);
        }
    }

    /// <inheritdoc/>
    public async Task CutMetrics(string run, long epoch, long round)
    {
        await journal.CutMetrics(run, epoch, round);
        if (board.IsFirst && !_caughtUp)
        {
            await CatchUp(run, round);
        }

        _caughtUp = true;
        board.GoOnAfter(round);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<RoundReport>> ReadMetrics(string run) => journal.ReadMetrics(run);

    /// <inheritdoc/>
    public async Task WriteArtefact(string run, long epoch, string name, ReadOnlyMemory<byte> bytes)
    {
        await journal.WriteArtefact(run, epoch, name, bytes);
        board.Artefact(name, bytes.Span);
    }

    /// <inheritdoc/>
    public Task AppendEvents(string run, long epoch, IReadOnlyList<RunEvent> events) =>
        journal.AppendEvents(run, epoch, events);

    /// <inheritdoc/>
    public Task<IReadOnlyList<RunEvent>> ReadEvents(string run, int count) => journal.ReadEvents(run, count);

    /// <inheritdoc/>
    public Task<byte[]?> ReadArtefact(string run, string name) => journal.ReadArtefact(run, name);

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> ListArtefacts(string run) => journal.ListArtefacts(run);

    /// <inheritdoc/>
    public void Dispose() => journal.Dispose();

    /// <summary>Writes the rounds before the event files were opened.</summary>
    private async Task CatchUp(string run, long round)
    {
        board.Rounds(await journal.ReadMetrics(run));
        foreach (var name in (await journal.ListArtefacts(run)).Where(n => RunFile.Parse(n)?.Round <= round)
            .OrderBy(n => RunFile.Parse(n)!.Round))
        {
            if (await journal.ReadArtefact(run, name) is { } bytes)
            {
                board.Artefact(name, bytes);
            }
        }
    }
}
