using Ebm.Core.Energies;
using Ebm.Core.Randomness;
using Ebm.Core.Replay;
using Ebm.Core.Sampling;
using Ebm.Core.Spec;
using static TorchSharp.torch;

namespace Ebm.Core.Likelihood;

/// <summary>
/// Equilibration of one block of chains at the model, before a reverse AIS run. In the second half it records traces at
/// evenly spaced steps: the energy, and projections of the state on fixed random directions.
/// </summary>
/// <param name="energy">The model.</param>
/// <param name="parameters">Its parameters.</param>
/// <param name="kernel">A kernel with the model as its invariant distribution.</param>
/// <param name="tuning">Its adapted values; empty for a kernel without adaptation.</param>
/// <param name="steps">Applications of the kernel.</param>
/// <param name="key">Key of the noise.</param>
/// <param name="firstChain">Global number of the first chain.</param>
/// <param name="starts">Initial states, [chains, features].</param>
/// <param name="chains">Number of chains.</param>
internal sealed class Equilibration(
    IEnergy energy,
    Parameters parameters,
    ISampler kernel,
    IReadOnlyList<double> tuning,
    int steps,
    RandomKey key,
    uint firstChain,
    Func<INoise, Device, Tensor> starts,
    int chains)
    : IResumableWork
{
    /// <summary>Random directions of the projections.</summary>
    public const int Directions = 8;

    /// <summary>Traced quantities of a chain: its energy, then its projections.</summary>
    public const int Quantities = 1 + Directions;

    /// <summary>Largest number of traced steps.</summary>
    public const int MostTraces = 64;

    private readonly StateCodec _codec = StateCodec.For(StateEncoding.Auto, energy.Space, null);
    private readonly List<double[]> _traces = [];
    private int _done;

    /// <inheritdoc/>
    public long Done => _done;

    /// <inheritdoc/>
    public long Total => steps;

    /// <summary>States of the chains, encoded without loss.</summary>
    public byte[] States { get; private set; } = [];

    /// <summary>Traces by traced step, each [chains * Quantities].</summary>
    public IReadOnlyList<double[]> Traces => _traces;

    /// <summary>Number of traced steps among <paramref name="steps"/>.</summary>
    public static int TracesOf(int steps) => Math.Clamp(steps / 2, 1, MostTraces);

    /// <inheritdoc/>
    public void Advance(Func<bool> shouldContinue, INoise noise, Device device)
    {
        using var graphless = no_grad();
        using var scope = NewDisposeScope();
        var directions = zeros(Directions, energy.Space.Features, device: device);
        noise.AddNormal(directions, 1, new NoiseSite(key, 0, Step: uint.MaxValue));
        using var tuned = new Parameters(parameters.Layout, parameters.Flat.alias(), tuning);
        var x = _done == 0 ? starts(noise, device) : _codec.Decode(States, chains, device);
        do
        {
            var turn = RandomKey.Derive(key.Value, Purpose.AnnealingStep, 1, ++_done);
            x = kernel.Run(energy, tuned, x, new ChainBlock(noise, turn, firstChain)).States;
            if (IsTraced(_done))
            {
                Record(x, directions);
            }
        }
        while (_done < steps && shouldContinue());

        States = new byte[chains * _codec.BytesPerState];
        _codec.Encode(x, States);
    }

    /// <summary>Traced steps are evenly spaced over the second half, and include the last step.</summary>
    private bool IsTraced(int step)
    {
        var (traced, half) = (TracesOf(steps), steps - steps / 2);
        var after = step - (steps / 2);
        return after > 0 && (long)after * traced / half > (after - 1L) * traced / half;
    }

    private void Record(Tensor x, Tensor directions)
    {
        using var scope = NewDisposeScope();
        var quantities = cat([energy.Energy(parameters, x).unsqueeze(1), x.mm(directions.t())], 1);
        double[] trace = [.. quantities.to_type(ScalarType.Float64).cpu().data<double>()];
        _traces.Add(Array.TrueForAll(trace, double.IsFinite)
            ? trace
            : throw new EbmException(
                $"Equilibration: a chain has a non-finite energy or state after step {_done} of {steps}."));
    }
}
