using Ebm.Client.Runs;
using Ebm.Contracts.Runs;

namespace Ebm.Client.Progress;

/// <summary>What a user sees of a run at work. Its members are called one at a time, but for <see cref="Stopping"/>.</summary>
internal interface IRunView : IDisposable
{
    /// <summary>The run was accepted.</summary>
    void Started(RunFacts facts, RunStatus status);

    /// <summary>Something happened.</summary>
    void Show(RunEvent e, RunStatus status);

    /// <summary>Something that the user should know.</summary>
    void Notice(string text);

    /// <summary>The user asked for a stop.</summary>
    void Stopping();

    /// <summary>The run has ended.</summary>
    void Ended(RunOutcome outcome);
}
