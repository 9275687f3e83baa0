using Ebm.Client.Runs;
using Ebm.Contracts.Runs;

namespace Ebm.Client.Progress;

/// <summary>Where events go.</summary>
internal interface IEventView
{
    /// <summary>Something happened.</summary>
    void Show(RunEvent e, RunStatus status);

    /// <summary>Something that the user should know.</summary>
    void Notice(string text);
}

/// <summary>
/// What a user sees of a run at work. Its members are called one at a time, but for <see cref="Stopping"/>.
/// </summary>
internal interface IRunView : IEventView, IDisposable
{
    /// <summary>A cluster has the run; it may yet wait for its turn.</summary>
    void Accepted(RunStatus status, RunLocation place);

    /// <summary>The run is at work, and its sizes are known.</summary>
    void Started(RunFacts facts, RunStatus status);

    /// <summary>The user asked for a stop.</summary>
    void Stopping();

    /// <summary>The run continues in its cluster, and is no longer shown.</summary>
    void Detached(RunStatus status, RunLocation place);

    /// <summary>The run has ended.</summary>
    void Ended(RunOutcome outcome);
}
