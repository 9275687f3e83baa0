using Ebm.Core.Energies;
using Ebm.Core.Learning;
using Ebm.Core.Plans;
using Ebm.Core.Randomness;
using Ebm.Core.Recovery;
using Ebm.Core.Replay;
using Ebm.Core.Sampling;
using Ebm.Core.Spec;
using static TorchSharp.torch;

namespace Ebm.Core.Rollbacks;

/// <summary>
/// Finds the slots whose energies lie far outside those of all others, as of chains that fell into a hole of the energy
/// or ran off to where there is no data, and gives them fresh states.
/// </summary>
/// <param name="spec">The run.</param>
/// <param name="energy">Its energy.</param>
/// <param name="codec">How slots are stored.</param>
/// <param name="classes">The slots' classes, where the energy has classes: each is judged among those of its
/// own.</param>
public sealed class RunawayChains(RunSpec spec, IEnergy energy, StateCodec codec, ChainClasses? classes = null)
{
    /// <summary>Distance from the median, in robust standard deviations, beyond which a chain has run away.</summary>
    private const double Deviations = 10;

    /// <summary>Replaces them.</summary>
    /// <param name="parameters">The model that judges.</param>
    /// <param name="slots">Encoded slots of each shard, in the order of the shards; left as they are.</param>
    /// <param name="plan">The shards.</param>
    /// <param name="key">Key of the fresh states; slot number i of the run takes the noise of chain i.</param>
    /// <param name="noise">Noise on the parameters' device.</param>
    /// <returns>The slots, and how many were replaced.</returns>
    public (IReadOnlyList<ReadOnlyMemory<byte>> Slots, int Replaced) Replace(
        Parameters parameters, IReadOnlyList<ReadOnlyMemory<byte>> slots, IReadOnlyList<ShardPlan> plan, RandomKey key,
        INoise noise)
    {
        var energies = slots.Zip(plan).SelectMany(shard => Energies(parameters, shard.First, shard.Second.FirstSlot))
            .ToArray();
        var away = Away(energies);
        var replaced = slots.Zip(
            plan, (shard, of) =>
            (ReadOnlyMemory<byte>)Replace(shard.ToArray(), of.FirstSlot, away, key, noise, parameters.Flat.device));
        return ([.. replaced], away.Count(a => a));
    }

    /// <summary>
    /// Of the energies of all slots, the ones far outside. Energies of different classes do not compare, so each is
    /// held against its own.
    /// </summary>
    private bool[] Away(double[] energies)
    {
        var away = new bool[energies.Length];
        foreach (var kind in Enumerable.Range(0, energies.Length).GroupBy(slot => classes?.OfSlots(slot, 1)[0] ?? 0))
        {
            double[] own = [.. kind.Select(slot => energies[slot])];
            var usual = RobustHistory.Median(own);
            var far = Deviations * RobustHistory.Spread(own, usual);
            foreach (var slot in kind)
            {
                away[slot] = !(Math.Abs(energies[slot] - usual) <= far);
            }
        }

        return away;
    }

    private List<double> Energies(Parameters parameters, ReadOnlyMemory<byte> shard, int firstSlot)
    {
        var energies = new List<double>();
        foreach (var (first, count) in BlocksOf(shard.Length))
        {
            using var scope = NewDisposeScope();
            var states = codec.Decode(
                shard.Span.Slice(first * codec.BytesPerState, count * codec.BytesPerState), count,
                parameters.Flat.device);
            var given = classes is null
                ? energy
                : energy.Given(classes.OfSlots(firstSlot + first, count), parameters.Flat.device);
            energies.AddRange(given.Energy(parameters, states).to_type(ScalarType.Float64).cpu().data<double>());
        }

        return energies;
    }

    private byte[] Replace(byte[] shard, int firstSlot, bool[] away, RandomKey key, INoise noise, Device device)
    {
        var fresh = new byte[RowBlocks.Size * codec.BytesPerState];
        foreach (var (first, count) in BlocksOf(shard.Length))
        {
            if (!Enumerable.Range(firstSlot + first, count).Any(slot => away[slot]))
            {
                continue;
            }

            using var scope = NewDisposeScope();
            var states = ChainStarts.Fresh(
                energy, spec.Sampler.KeptRange(), count, noise, new NoiseSite(key, (uint)(firstSlot + first)), device);
            codec.Encode(states, fresh.AsSpan(0, count * codec.BytesPerState));
            for (var i = 0; i < count; i++)
            {
                if (away[firstSlot + first + i])
                {
                    fresh.AsSpan(i * codec.BytesPerState, codec.BytesPerState)
                        .CopyTo(shard.AsSpan((first + i) * codec.BytesPerState));
                }
            }
        }

        return shard;
    }

    private IEnumerable<(int First, int Count)> BlocksOf(int bytes)
    {
        var slots = bytes / codec.BytesPerState;
        for (var first = 0; first < slots; first += RowBlocks.Size)
        {
            yield return (first, Math.Min(RowBlocks.Size, slots - first));
        }
    }
}
