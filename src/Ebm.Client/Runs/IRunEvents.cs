using Ebm.Contracts.Runs;

namespace Ebm.Client.Runs;

/// <summary>A run's events, page by page.</summary>
internal interface IRunEvents
{
    /// <summary>Waits for events after a number, or for a while; the page may be empty.</summary>
    /// <exception cref="NotFoundException">The run was deleted.</exception>
    Task<EventPage> Next(long after, CancellationToken cancellationToken);
}
