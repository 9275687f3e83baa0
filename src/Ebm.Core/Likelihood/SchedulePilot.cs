using Ebm.Core.Plans;
using Ebm.Core.Randomness;
using Ebm.Core.Replay;
using Ebm.Core.Sampling;
using Ebm.Core.Spec;
using Ebm.Core.States;
using static TorchSharp.torch;

namespace Ebm.Core.Likelihood;

/// <summary>
/// A short walk of one block of chains that says where a long one should take small steps. Over a stretch of the walk
/// the log-weights of chains drift apart: their variance grows by 2 tau V / n a unit of beta, where V is the variance
/// of d log f / d beta, tau how many steps it stays correlated, and n the steps a unit of beta. For a given number of
/// steps the sum of that growth is least where n is proportional to sqrt(tau V), so a stretch gets steps in proportion
/// to the square root of its growth here. A kernel that adapts does so on the way.
/// </summary>
/// <param name="path">Makes the path's tensors, in the caller's dispose scope.</param>
/// <param name="space">The states.</param>
/// <param name="steps">Steps of the pilot.</param>
/// <param name="key">Key of the noise.</param>
public sealed class SchedulePilot(Func<IAnnealedPath> path, StateSpace space, int steps, RandomKey key) : IResumableWork
{
    private const int Stretches = 25;

    private readonly AnnealingSchedule _route = AnnealingSchedule.Staged(steps);
    private readonly StateCodec _codec = StateCodec.For(StateEncoding.Auto, space, null);
    private readonly List<double> _growth = [];
    private readonly List<double[]> _tunings = [];
    private int _done;
    private byte[]? _states;
    private double[] _logWeights = new double[RowBlocks.Size];

    /// <inheritdoc/>
    public long Done => _done;

    /// <inheritdoc/>
    public long Total => steps;

    /// <summary>What it found, once it is finished.</summary>
    public PilotReport Report => new([.. _growth], [.. _tunings]);

    /// <inheritdoc/>
    public void Go(Func<bool> goOn, INoise noise, Device device)
    {
        using var graphless = no_grad();
        using var scope = NewDisposeScope();
        var along = path();
        var chains = new ChainBlock(noise, key, 0);
        var states = _states is null
            ? along.Base(RowBlocks.Size, noise, new NoiseSite(key, 0))
            : _codec.Decode(_states, RowBlocks.Size, device);
        var logWeights = tensor(_logWeights, device: device);
        do
        {
            _done++;
            states = Step(along, states, logWeights, chains);
        }
        while (_done < steps && goOn());

        _logWeights = logWeights.cpu().data<double>().ToArray();
        _states = new byte[RowBlocks.Size * _codec.BytesPerState];
        _codec.Encode(states, _states);
    }

    private Tensor Step(IAnnealedPath along, Tensor states, Tensor logWeights, ChainBlock chains)
    {
        double[] tuning = _tunings is [.., var last] ? last : [.. along.Adaptive?.InitialTuning ?? []];
        var change = _route.Change(_done) with { Tuning = tuning };
        var moved = along.Step(states, logWeights, change, chains, (uint)_done);
        if (along.Adaptive is { } kernel)
        {
            _tunings.Add([.. kernel.Adapt(tuning, ChainMetrics.Of(RowBlocks.Size, moved.Info, 0), _done)]);
        }

        if ((long)_done * Stretches / steps > (_done - 1L) * Stretches / steps)
        {
            using var variance = logWeights.var(unbiased: true);
            var growth = variance.item<double>();
            _growth.Add(double.IsFinite(growth) ? growth : throw new EbmException(
                "The pilot of annealed importance sampling met energies that are not finite by "
                    + $"step {_done} of {steps}."));
            logWeights.zero_();
        }

        return moved.States;
    }
}

/// <summary>What a pilot found on its way, which was staged.</summary>
/// <param name="Growth">Variance that 64 log-weights gained over each of equally many stretches of its steps.</param>
/// <param name="Tunings">What the kernel had adapted after each step; empty where it adapts nothing.</param>
public sealed record PilotReport(IReadOnlyList<double> Growth, IReadOnlyList<double[]> Tunings)
{
    /// <summary>
    /// The share of steps that all stretches have equal parts of: the variance of 64 log-weights is not exact, and a
    /// stretch that looks easy may not be.
    /// </summary>
    private const double Even = 0.2;

    /// <summary>A route of so many steps from the base to the model.</summary>
    public AnnealingSchedule Route(int steps)
    {
        double[] places = [.. Places(steps)];
        return new(
            [.. places[..^1].Select(place => (double)(float)Likelihood.AnnealingSchedule.StagedAt(place)), 1],
            Tunings.Count == 0 ? [] : [.. places.Select(place => Tunings[(int)(place * (Tunings.Count - 1))])]);
    }

    /// <summary>Where the route's temperatures lie on the pilot's way, as shares of its steps.</summary>
    private IEnumerable<double> Places(int steps)
    {
        var total = Growth.Sum(Math.Sqrt);
        double[] shares = [.. Growth.Select(
            g => ((total > 0 ? (1 - Even) * Math.Sqrt(g) / total : 0) + (Even / Growth.Count))
            / (total > 0 ? 1 : Even))];
        var (stretch, before) = (0, 0.0);
        for (var step = 0; step < steps; step++)
        {
            var share = step / (double)steps;
            while (stretch < shares.Length - 1 && share >= before + shares[stretch])
            {
                before += shares[stretch++];
            }

            yield return Math.Min(1, (stretch + ((share - before) / shares[stretch])) / shares.Length);
        }

        yield return 1;
    }
}
