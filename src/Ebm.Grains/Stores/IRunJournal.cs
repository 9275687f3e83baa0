using Ebm.Contracts.Runs;

namespace Ebm.Grains.Stores;

/// <summary>What a run leaves for people: its spec, its metrics, its pictures.</summary>
internal interface IRunJournal
{
    /// <summary>Appends a line a round to metrics.jsonl.</summary>
    /// <exception cref="StaleEpochException">The epoch was replaced.</exception>
    Task AppendMetrics(string run, long epoch, IReadOnlyList<RoundReport> reports);

    /// <summary>Cuts metrics.jsonl back to the rounds up to <paramref name="round"/>, as after a restore.</summary>
    /// <exception cref="StaleEpochException">The epoch was replaced.</exception>
    Task CutMetrics(string run, long epoch, long round);

    /// <summary>All metrics so far, in order.</summary>
    Task<IReadOnlyList<RoundReport>> ReadMetrics(string run);

    /// <summary>Writes a file, replacing one of that name.</summary>
    /// <exception cref="StaleEpochException">The epoch was replaced.</exception>
    Task WriteArtefact(string run, long epoch, string name, ReadOnlyMemory<byte> bytes);

    /// <summary>
    /// Appends events, whose numbers grow; ones that are there already are left out. Rounds are no part of it: the
    /// metrics have them.
    /// </summary>
    /// <exception cref="StaleEpochException">The epoch was replaced.</exception>
    Task AppendEvents(string run, long epoch, IReadOnlyList<RunEvent> events);

    /// <summary>The latest events, at most <paramref name="count"/>, in order.</summary>
    Task<IReadOnlyList<RunEvent>> ReadEvents(string run, int count);

    /// <summary>Names of the files that were written, in no order.</summary>
    Task<IReadOnlyList<string>> ListArtefacts(string run);

    /// <summary>A file that was written; null where there is none.</summary>
    Task<byte[]?> ReadArtefact(string run, string name);
}
