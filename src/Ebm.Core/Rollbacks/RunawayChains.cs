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
/// Finds slots with outlying energies, such as chains in a spurious minimum or far from the data, and reinitialises
/// them.
/// </summary>
/// <param name="spec">The run's spec.</param>
/// <param name="energy">Its energy.</param>
/// <param name="codec">Codec of the slots.</param>
/// <param name="classes">
/// Classes of the slots of a class-conditional energy; outliers are found within each class.
/// </param>
internal sealed class RunawayChains(RunSpec spec, IEnergy energy, StateCodec codec, ChainClasses? classes = null)
{
    /// <summary>Distance from the median, in robust standard deviations, beyond which a chain is an outlier.</summary>
    private const double Deviations = 10;

    /// <summary>Reinitialises outlying slots.</summary>
    /// <param name="parameters">Parameters that the energies are computed with.</param>
    /// <param name="slots">Encoded slots of each shard, in the order of the shards; not modified.</param>
    /// <param name="plan">The shards.</param>
    /// <param name="key">Key of the fresh states; slot i of the run uses the noise of chain i.</param>
    /// <param name="noise">Noise on the parameters' device.</param>
    /// <returns>The slots, and the number of replaced ones.</returns>
    public (IReadOnlyList<ReadOnlyMemory<byte>> Slots, int Replaced) Replace(
        Parameters parameters,
        IReadOnlyList<ReadOnlyMemory<byte>> slots,
        IReadOnlyList<ShardPlan> plan,
        RandomKey key,
        INoise noise)
    {
        double[] energies =
        [
            .. slots.Zip(plan).SelectMany(shard => Energies(parameters, shard.First, shard.Second.FirstSlot)),
        ];
        var away = Away(energies);
        var device = parameters.Flat.device;
        var replaced = slots.Zip(plan, (shard, of) =>
            (ReadOnlyMemory<byte>)Replace(shard.ToArray(), of.FirstSlot, away, key, noise, device));
        return ([.. replaced], away.Count(a => a));
    }

    /// <summary>
    /// Marks outlying energies. Energies of different classes are not comparable, so each is compared with its own
    /// class.
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
            var encoded = shard.Span.Slice(first * codec.BytesPerState, count * codec.BytesPerState);
            var states = codec.Decode(encoded, count, parameters.Flat.device);
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

    private IEnumerable<(int First, int Count)> BlocksOf(int bytes) => RowBlocks.All(bytes / codec.BytesPerState);
}
