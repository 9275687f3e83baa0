using Ebm.Core.Datasets;
using Ebm.Core.Energies;
using Ebm.Core.Plans;
using Ebm.Core.Randomness;
using Ebm.Core.Replay;
using Ebm.Core.Sampling;
using Ebm.Core.Spec;
using static TorchSharp.torch;

namespace Ebm.Core.Learning;

/// <summary>
/// The model's side of contrastive divergence, a block of chains at a time: where chains start, the kernel's
/// transitions, and the encoded states that come of it. A function of its arguments; holds constants only.
/// </summary>
public sealed class NegativePhase(RunSpec spec, IEnergy energy, ISampler sampler, StateCodec codec, Dataset data)
{
    private readonly NegativesSpec _negatives = spec.Negatives;

    /// <summary>Range that fresh states are drawn from, where the sampler keeps states in one.</summary>
    private double[]? Range => spec.Sampler.KeptRange();

    /// <summary>Runs the chains of one block for a round.</summary>
    /// <param name="parameters">The version to sample from.</param>
    /// <param name="keys">The round's keys.</param>
    /// <param name="start">The chains and what they start from.</param>
    /// <param name="noise">Noise on the parameters' device.</param>
    /// <returns>The new states, encoded (count * BytesPerState bytes), and the chains' figures.</returns>
    public (byte[] States, ChainMetrics Figures) Run(
        Parameters parameters, RoundKeys keys, BlockStart start, INoise noise)
    {
        using var scope = NewDisposeScope();
        var device = parameters.Flat.device;
        var states = Begin(keys, start, noise, device);
        var block = new ChainBlock(noise, keys.For(Purpose.Sampler), start.FirstChain);
        var (moved, info) = sampler.Run(energy.Given(start.Classes, device), parameters, states, block);
        var figures = ChainMetrics.Of(start.Count, info, start.Restart.Count(restart => restart));
        if (info.NonFinite > 0)
        {
            // Not every encoding can hold such states, and the round ends here anyway.
            return ([], figures);
        }

        var encoded = new byte[start.Count * codec.BytesPerState];
        codec.Encode(moved, encoded);
        return (encoded, figures);
    }

    /// <summary>
    /// Slots that no round has touched yet, encoded: slot number i of the run starts as a fresh state of its own.
    /// </summary>
    public byte[] FreshSlots(ulong seed, int firstSlot, int count, INoise noise, Device device)
    {
        var key = RandomKey.Derive(seed, Purpose.FreshStates, 0, 0);
        var encoded = new byte[count * codec.BytesPerState];
        for (var done = 0; done < count; done += RowBlocks.Size)
        {
            using var scope = NewDisposeScope();
            var rows = Math.Min(RowBlocks.Size, count - done);
            var fresh = ChainStarts.Fresh(
                energy, Range, rows, noise, new NoiseSite(key, (uint)(firstSlot + done)), device);
            codec.Encode(fresh, encoded.AsSpan(done * codec.BytesPerState, rows * codec.BytesPerState));
        }

        return encoded;
    }

    private Tensor Begin(RoundKeys keys, BlockStart start, INoise noise, Device device)
    {
        switch (_negatives.Start)
        {
            case ChainStart.Data:
                return PositiveBatch.Rows(
                    data,
                    start.BatchRows,
                    (int)start.FirstChain,
                    BatchKeys.Of(keys.Seed, keys.Attempt, keys.Round),
                    noise,
                    device,
                    spec.Learning.DataNoise);
            case ChainStart.Noise:
                return Fresh(keys, start, noise, device);
            default:
                var states = codec is LevelsCodec levels
                    ? levels.DecodeDequantised(
                        start.Slots, start.Count, device, noise,
                        new NoiseSite(keys.For(Purpose.Dequantise), start.FirstChain))
                    : codec.DecodeReplicas(start.Slots, start.Count, device);
                return start.Restart.Contains(true)
                    ? where(
                        tensor(start.Restart, device: device).unsqueeze(1),
                        Fresh(keys, start, noise, device).repeat(1, codec.Replicas), states)
                    : states;
        }
    }

    private Tensor Fresh(RoundKeys keys, BlockStart start, INoise noise, Device device) => ChainStarts.Fresh(
        energy, Range, start.Count, noise, new NoiseSite(keys.For(Purpose.FreshStates), start.FirstChain), device);
}

/// <summary>What one block of chains starts a round from.</summary>
/// <param name="FirstChain">Global number of the first chain.</param>
/// <param name="Count">Number of chains.</param>
public sealed record BlockStart(uint FirstChain, int Count)
{
    /// <summary>Starts in the buffer: the chains' slots, encoded.</summary>
    public byte[] Slots { get; init; } = [];

    /// <summary>Starts in the buffer: which chains start afresh instead; [count] or empty.</summary>
    public bool[] Restart { get; init; } = [];

    /// <summary>Starts at data: the training row of each chain; [count].</summary>
    public long[] BatchRows { get; init; } = [];

    /// <summary>The class of each chain, which it keeps; [count], or empty for an energy without classes.</summary>
    public int[] Classes { get; init; } = [];
}
