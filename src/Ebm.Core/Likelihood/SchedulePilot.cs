using Ebm.Core.Plans;
using Ebm.Core.Randomness;
using Ebm.Core.Replay;
using Ebm.Core.Sampling;
using Ebm.Core.Spec;
using Ebm.Core.States;
using static TorchSharp.torch;

namespace Ebm.Core.Likelihood;

/// <summary>
/// A short forward AIS run of one block, which determines the step sizes of the schedule. Over an interval of the path
/// the variance of the log-weights grows by 2 tau V / n per unit of beta; V is the variance of d log f / d beta, tau
/// its autocorrelation time in steps, and n the number of steps per unit of beta. For a given number of steps the total
/// growth is least if n is proportional to sqrt(tau V), so an interval gets steps in proportion to the square root of
/// its growth in the pilot. Adaptive kernels adapt here.
/// </summary>
/// <param name="path">Creates the path and its tensors in the caller's dispose scope.</param>
/// <param name="space">Space of the states.</param>
/// <param name="steps">Steps of the pilot.</param>
/// <param name="key">Key of the noise.</param>
internal sealed class SchedulePilot(Func<IAnnealedPath> path, StateSpace space, int steps, RandomKey key)
    : IResumableWork
{
    private const int Stretches = 25;

    private readonly AnnealingSchedule _schedule = AnnealingSchedule.Staged(steps);
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

    /// <summary>The report of a completed pilot.</summary>
    public PilotReport Report => new([.. _growth], [.. _tunings]);

    /// <inheritdoc/>
    public void Advance(Func<bool> shouldContinue, INoise noise, Device device)
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
        while (_done < steps && shouldContinue());

        _logWeights = logWeights.cpu().data<double>().ToArray();
        _states = new byte[RowBlocks.Size * _codec.BytesPerState];
        _codec.Encode(states, _states);
    }

    private Tensor Step(IAnnealedPath along, Tensor states, Tensor logWeights, ChainBlock chains)
    {
        double[] tuning = _tunings is [.., var last] ? last : [.. along.Adaptive?.InitialTuning ?? []];
        var change = _schedule.Change(_done) with { Tuning = tuning };
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
                $"Pilot of annealed importance sampling: energies are not finite at step {_done} of {steps}."));
            logWeights.zero_();
        }

        return moved.States;
    }
}

/// <summary>Results of a pilot, whose own schedule is staged.</summary>
/// <param name="Growth">
/// Growth of the variance of 64 log-weights over each of equally many intervals of its steps.
/// </param>
/// <param name="Tunings">Adapted values of the kernel after each step; empty for a kernel without adaptation.</param>
internal sealed record PilotReport(IReadOnlyList<double> Growth, IReadOnlyList<double[]> Tunings)
{
    /// <summary>
    /// Share of the steps that is distributed evenly: the variance of 64 log-weights is inexact, and an interval may be
    /// harder than it seems.
    /// </summary>
    private const double Even = 0.2;

    /// <summary>A schedule of <paramref name="steps"/> steps from the base to the model.</summary>
    public AnnealingSchedule BuildSchedule(int steps)
    {
        double[] places = [.. Places(steps)];
        return new(
            [.. places[..^1].Select(place => (double)(float)Likelihood.AnnealingSchedule.StagedAt(place)), 1],
            Tunings.Count == 0 ? [] : [.. places.Select(place => Tunings[(int)(place * (Tunings.Count - 1))])]);
    }

    /// <summary>Positions of the schedule's temperatures in the pilot, as shares of its steps.</summary>
    private IEnumerable<double> Places(int steps)
    {
        var total = Growth.Sum(Math.Sqrt);
        double[] shares =
        [
            .. from growth in Growth
               let proportional = total > 0 ? (1 - Even) * Math.Sqrt(growth) / total : 0
               select (proportional + (Even / Growth.Count)) / (total > 0 ? 1 : Even),
        ];
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
