using Ebm.Core.Energies;
using Ebm.Core.Randomness;
using Ebm.Core.Replay;
using Ebm.Core.Sampling;
using Ebm.Core.Spec;
using static TorchSharp.torch;

namespace Ebm.Core.Likelihood;

/// <summary>
/// One block of chains that run at the model until they may pass for its draws, and what they were seen doing in the
/// second half: the energy, and projections of the state on fixed random directions, at evenly spaced steps.
/// </summary>
/// <param name="energy">The model.</param>
/// <param name="parameters">Its parameters.</param>
/// <param name="kernel">Leaves the model as it is.</param>
/// <param name="tuning">What it has adapted; empty where it adapts nothing.</param>
/// <param name="steps">Applications of the kernel.</param>
/// <param name="key">Key of the noise.</param>
/// <param name="firstChain">Global number of the first chain.</param>
/// <param name="starts">Where the chains start, [chains, features].</param>
/// <param name="chains">Number of chains.</param>
public sealed class Equilibration(
    IEnergy energy, Parameters parameters, ISampler kernel, IReadOnlyList<double> tuning, int steps, RandomKey key,
    uint firstChain,
    Func<INoise, Device, Tensor> starts, int chains)
    : IResumableWork
{
    /// <summary>Random directions that states are projected on.</summary>
    public const int Directions = 8;

    /// <summary>Figures of a chain at a look: its energy, then its projections.</summary>
    public const int Figures = 1 + Directions;

    /// <summary>Looks at the chains, at most.</summary>
    public const int MostLooks = 64;

    private readonly StateCodec _codec = StateCodec.For(StateEncoding.Auto, energy.Space, null);
    private readonly List<double[]> _looks = [];
    private int _done;

    /// <inheritdoc/>
    public long Done => _done;

    /// <inheritdoc/>
    public long Total => steps;

    /// <summary>Where the chains are, encoded without loss.</summary>
    public byte[] States { get; private set; } = [];

    /// <summary>What was seen: a look after the other, each [chains * Figures].</summary>
    public IReadOnlyList<double[]> Looks => _looks;

    /// <summary>Looks that chains of so many steps are given.</summary>
    public static int LooksOf(int steps) => Math.Clamp(steps / 2, 1, MostLooks);

    /// <inheritdoc/>
    public void Go(Func<bool> goOn, INoise noise, Device device)
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
            if (IsLook(_done))
            {
                Look(x, directions);
            }
        }
        while (_done < steps && goOn());

        States = new byte[chains * _codec.BytesPerState];
        _codec.Encode(x, States);
    }

    /// <summary>Evenly spaced over the second half; the last step is one.</summary>
    private bool IsLook(int step)
    {
        var (looks, half) = (LooksOf(steps), steps - steps / 2);
        var after = step - (steps / 2);
        return after > 0 && (long)after * looks / half > (after - 1L) * looks / half;
    }

    private void Look(Tensor x, Tensor directions)
    {
        using var scope = NewDisposeScope();
        var figures = cat([energy.Energy(parameters, x).unsqueeze(1), x.mm(directions.t())], 1);
        double[] seen = [.. figures.to_type(ScalarType.Float64).cpu().data<double>()];
        _looks.Add(Array.TrueForAll(seen, double.IsFinite)
            ? seen
            : throw new EbmException($"A chain at the model has an energy that is not finite after {_done} of "
                + $"{steps} steps of the kernel."));
    }
}
