using Ebm.Core.Energies;
using Ebm.Core.Plans;
using Ebm.Core.Replay;
using Ebm.Core.Spec;

namespace Ebm.Grains.Admission;

/// <summary>
/// Memory that a run cannot do without, however many silos it has, in bytes. Activations, an optimiser's moments and
/// what is sent and saved come on top: a run that is refused could not have worked; one that is not may still be too
/// large.
/// </summary>
/// <param name="Server">Of its parameter server: versions in flight, the gradient's two sides, a round's negatives as
/// they are sent.</param>
/// <param name="Shard">Of its largest shard: one version, the replay slots, a round's states before and after, as they
/// are stored.</param>
internal sealed record RunMemory(long Server, long Shard)
{
    // A version that is read and one that is made, and two gradients.
    private const int ParameterCopies = 4;

    /// <summary>What the needier of the two takes.</summary>
    public long Bytes => Math.Max(Server, Shard);

    /// <summary>The memory of a run.</summary>
    /// <param name="spec">Its spec.</param>
    /// <param name="plan">Its plan.</param>
    /// <param name="energy">Its model.</param>
    /// <param name="codec">How its states are stored.</param>
    public static RunMemory Of(RunSpec spec, RunPlan plan, IEnergy energy, StateCodec codec)
    {
        var (version, state) = (sizeof(float) * energy.Layout.Length, (long)codec.BytesPerState);
        var hasSlots = spec.Negatives.Start == ChainStart.Buffer;
        return new RunMemory(
            ((ParameterCopies + spec.Learning.Lag) * version) + (state * plan.Chains),
            version + (state * plan.Shards.Max(s => (2L * s.Chains) + (hasSlots ? s.Slots : 0))));
    }
}
