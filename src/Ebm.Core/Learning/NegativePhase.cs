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
/// Sampling of the negatives, by block of chains: initial states, transitions of the kernel, encoded final states.
/// Pure; holds constants only.
/// </summary>
internal sealed class NegativePhase(
    ChainInitialisation initialisation, IEnergy energy, ISampler sampler, StateCodec codec, Dataset data)
{
    /// <summary>Runs the chains of one block for a round.</summary>
    /// <param name="parameters">The version to sample from.</param>
    /// <param name="keys">The round's keys.</param>
    /// <param name="start">The chains and their initial states.</param>
    /// <param name="noise">Noise for the parameters' device.</param>
    /// <returns>
    /// The new states, encoded (count * BytesPerState bytes; empty if a state is not finite), and the metrics of the
    /// chains.
    /// </returns>
    public (byte[] States, ChainMetrics Metrics) Run(
        Parameters parameters, RoundKeys keys, BlockStart start, INoise noise)
    {
        using var scope = NewDisposeScope();
        var device = parameters.Flat.device;
        var states = Begin(keys, start, noise, device);
        var block = new ChainBlock(noise, keys.For(Purpose.Sampler), start.FirstChain);
        var (moved, info) = sampler.Run(energy.Given(start.Classes, device), parameters, states, block);
        var metrics = ChainMetrics.Of(start.Count, info, start.Restart.Count(restart => restart));
        if (info.NonFinite > 0)
        {
            // Some encodings cannot represent non-finite states, and the round is rejected anyway.
            return ([], metrics);
        }

        var encoded = new byte[start.Count * codec.BytesPerState];
        codec.Encode(moved, encoded);
        return (encoded, metrics);
    }

    /// <summary>Initial slots, encoded: slot i of the run gets its own fresh state.</summary>
    public byte[] FreshSlots(ulong seed, int firstSlot, int count, INoise noise, Device device)
    {
        var key = RandomKey.Derive(seed, Purpose.FreshStates, 0, 0);
        var encoded = new byte[count * codec.BytesPerState];
        foreach (var (first, rows) in RowBlocks.All(count))
        {
            using var scope = NewDisposeScope();
            var fresh = ChainStarts.Fresh(
                energy, initialisation.Range, rows, noise, new NoiseSite(key, (uint)(firstSlot + first)), device);
            codec.Encode(fresh, encoded.AsSpan(first * codec.BytesPerState, rows * codec.BytesPerState));
        }

        return encoded;
    }

    private Tensor Begin(RoundKeys keys, BlockStart start, INoise noise, Device device)
    {
        switch (initialisation.Start)
        {
            case ChainStart.Data:
                return PositiveBatch.Rows(
                    data,
                    start.BatchRows,
                    (int)start.FirstChain,
                    BatchKeys.Of(keys.Seed, keys.Attempt, keys.Round),
                    noise,
                    device,
                    initialisation.DataNoise);
            case ChainStart.Noise:
                return Fresh(keys, start, noise, device);
            default:
                var site = new NoiseSite(keys.For(Purpose.Dequantise), start.FirstChain);
                var states = codec is LevelsCodec levels
                    ? levels.DecodeDequantised(start.Slots, start.Count, device, noise, site)
                    : codec.DecodeReplicas(start.Slots, start.Count, device);
                return start.Restart.Contains(true)
                    ? where(
                        tensor(start.Restart, device: device).unsqueeze(1),
                        Fresh(keys, start, noise, device).repeat(1, codec.Replicas), states)
                    : states;
        }
    }

    private Tensor Fresh(RoundKeys keys, BlockStart start, INoise noise, Device device) => ChainStarts.Fresh(
        energy, initialisation.Range, start.Count, noise,
        new NoiseSite(keys.For(Purpose.FreshStates), start.FirstChain), device);
}

/// <summary>Initialisation of the chains of a round.</summary>
/// <param name="Start">Where chains start.</param>
/// <param name="Range">Range of fresh real states; null draws them from a standard normal distribution.</param>
/// <param name="DataNoise">Standard deviation of the noise on data rows that chains start at.</param>
internal sealed record ChainInitialisation(ChainStart Start, double[]? Range, double DataNoise)
{
    /// <summary>The initialisation of a run.</summary>
    public static ChainInitialisation Of(RunSpec spec) =>
        new(spec.Negatives.Start, spec.Sampler.KeptRange(), spec.Learning.DataNoise);
}

/// <summary>Initial states of one block of chains in a round.</summary>
/// <param name="FirstChain">Global number of the first chain.</param>
/// <param name="Count">Number of chains.</param>
internal sealed record BlockStart(uint FirstChain, int Count)
{
    /// <summary>With <c>start: buffer</c>: encoded slots of the chains.</summary>
    public byte[] Slots { get; init; } = [];

    /// <summary>With <c>start: buffer</c>: whether each chain is reinitialised; [count] or empty.</summary>
    public bool[] Restart { get; init; } = [];

    /// <summary>With <c>start: data</c>: training row of each chain, [count].</summary>
    public long[] BatchRows { get; init; } = [];

    /// <summary>Class of each chain, constant over the run; [count], or empty for an energy without classes.</summary>
    public int[] Classes { get; init; } = [];
}
