using Ebm.Client.Local;
using Ebm.Contracts.Runs;

namespace Ebm.Client.Chaos;

/// <summary>What a user sees of a chaos run.</summary>
internal interface IChaosView
{
    /// <summary>The cluster is up.</summary>
    void Started(LocalCluster cluster);

    /// <summary>The undisturbed run has ended.</summary>
    void Calm(RunStatus status, double seconds);

    /// <summary>A fault has happened, and the run continues.</summary>
    void Happened(InjectedFault fault);

    /// <summary>A run under faults has ended.</summary>
    void Ended(DisturbedRun run);

    /// <summary>All is over.</summary>
    void Ended(ChaosResult result, IReadOnlyList<Verdict> verdicts);
}
