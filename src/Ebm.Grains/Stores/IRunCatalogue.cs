using Ebm.Contracts.Runs;

namespace Ebm.Grains.Stores;

/// <summary>The stored runs, and their sizes.</summary>
internal interface IRunCatalogue
{
    /// <summary>Enters a run, before its record is first written.</summary>
    Task Register(string run);

    /// <summary>Ids of the runs that were entered; the record of one may still be missing.</summary>
    Task<IReadOnlyList<string>> Runs();

    /// <summary>What a run takes up.</summary>
    Task<RunStorage> Measure(string run);

    /// <summary>
    /// Deletes all that is stored of a run but its record, and lets no epoch up to <paramref name="epoch"/> write
    /// again.
    /// </summary>
    Task Delete(string run, long epoch);
}
