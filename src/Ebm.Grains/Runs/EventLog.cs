using Ebm.Contracts.Runs;
using Ebm.Grains.Stores;

namespace Ebm.Grains.Runs;

/// <summary>
/// A run's events: the latest in memory for those who watch, all but rounds in the journal. Numbers are reserved in
/// stretches, so a new activation continues above all numbers of an older one.
/// </summary>
internal sealed class EventLog(string run, IRunJournal journal, TimeProvider time)
{
    /// <summary>How many of the latest events are looked at again.</summary>
    public const int Remembered = 1_000;

    private const int Stretch = 10_000;

    private readonly RecentEvents _log = new();
    private readonly List<RunEvent> _unsaved = [];
    private bool _saving;

    /// <summary>Number of the latest event.</summary>
    public long Last => _log.Last;

    /// <summary>No number above this one may be given out before the record that says so is written.</summary>
    public long Reserved { get; private set; }

    /// <summary>Whether the record has to be written with a new <see cref="Reserved"/>.</summary>
    public bool NeedsReserve => _log.Last + (Stretch / 2) > Reserved;

    /// <summary>Continues above the numbers of an older activation.</summary>
    public async Task Open(long reserved)
    {
        Reserved = reserved;
        _log.Begin(reserved, await journal.ReadEvents(run, Remembered));
    }

    /// <summary>Reserves the next stretch.</summary>
    public long Reserve() => Reserved = _log.Last + Stretch;

    /// <summary>Adds an event, and saves it in the background where it is one to keep.</summary>
    public void Add(RunEvent e, long epoch)
    {
        // The text goes along for consoles of version 0.1 and for people who read the stored events.
        var added = _log.Add(e with { At = time.GetUtcNow(), Epoch = epoch, Text = RunEventText.Of(e) });
        if (e.Kind != RunEventKind.Round)
        {
            _unsaved.Add(added);
            if (!_saving && epoch > 0)
            {
                _ = Save(epoch);
            }
        }
    }

    /// <summary>The events after a number that are still kept.</summary>
    public IReadOnlyList<RunEvent> After(long number) => _log.After(number);

    /// <summary>Returns when there is an event after a number, or after a while.</summary>
    public Task WaitAfter(long number, TimeSpan wait, CancellationToken cancellationToken) =>
        _log.WaitAfter(number, wait, time, cancellationToken);

    private async Task Save(long epoch)
    {
        _saving = true;
        try
        {
            while (_unsaved.Count > 0)
            {
                var batch = _unsaved.ToArray();
                await journal.AppendEvents(run, Math.Max(epoch, batch[^1].Epoch), batch);
                _unsaved.RemoveRange(0, batch.Length);
            }
        }
        catch (Exception e) when (e is StaleEpochException or Core.EbmException)
        {
            // Another activation owns the log, or the store refuses: these events are sent, not stored.
            _unsaved.Clear();
        }
        finally
        {
            _saving = false;
        }
    }
}
