using Ebm.Core.Energies;
using Ebm.Core.Replay;
using Ebm.Core.Spec;

namespace Ebm.Core.Limits;

/// <summary>
/// Memory that a run cannot do without, in bytes. Whatever activations an energy needs come on top, so a run that is refused could
/// not have worked; one that is not may still be too large.
/// </summary>
/// <param name="Parameters">Versions that are in flight, moments of the optimiser, gradients, what is sent and saved.</param>
/// <param name="Chains">States of one round, before and after.</param>
/// <param name="Slots">Replay slots, as they are stored.</param>
/// <param name="Batch">Rows of one round, and their states.</param>
public sealed record RunMemory(long Parameters, long Chains, long Slots, long Batch)
{
    // A version that is read and one that is made, two moments, two gradients, one that is sent and one that is saved.
    private const int ParameterCopies = 8, StateCopies = 2;

    /// <summary>All of it.</summary>
    public long Bytes => checked(Parameters + Chains + Slots + Batch);

    /// <summary>The memory of a run.</summary>
    /// <param name="spec">Its spec.</param>
    /// <param name="plan">Its plan.</param>
    /// <param name="energy">Its model.</param>
    /// <param name="codec">How its states are stored.</param>
    public static RunMemory Of(RunSpec spec, RunPlan plan, IEnergy energy, StateCodec codec)
    {
        var row = (long)energy.Space.Features * sizeof(float);
        return new RunMemory(
            (ParameterCopies + spec.Learning.Lag) * sizeof(float) * energy.Layout.Length,
            StateCopies * row * codec.Replicas * plan.Chains,
            spec.Negatives.Start == ChainStart.Buffer ? (long)codec.BytesPerState * plan.Slots : 0,
            StateCopies * row * spec.Learning.Batch);
    }
}
