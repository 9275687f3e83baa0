using Ebm.Contracts.Epochs;
using Ebm.Contracts.Runs;
using Ebm.Grains.Runs;

namespace Ebm.Grains.Epochs;

/// <summary>The work of a parameter server: one epoch of a run.</summary>
/// <param name="Start">Epoch and run, as the run grain assigned them.</param>
/// <param name="Run">The run on this silo.</param>
/// <param name="Grain">Receives the reports.</param>
/// <param name="Silo">Address of this silo.</param>
/// <param name="Stop">Ends the epoch at a round boundary.</param>
internal sealed record EpochAssignment(ServerStart Start, RunContext Run, IRunGrain Grain, string Silo, StopSignal Stop)
{
    /// <summary>The epoch's number.</summary>
    public long Epoch => Start.Epoch;
}
