using Ebm.Core.Energies;
using Ebm.Core.Native;
using Ebm.Core.Randomness;
using Ebm.Core.Spec;
using static TorchSharp.torch;

namespace Ebm.Core.Sampling.Tempering;

/// <summary>
/// Replica exchange (Swendsen and Wang 1986; Geyer 1991): every chain has replicas at inverse temperatures 1, rho,
/// rho^2, ..., each moved by the inner kernel; then neighbours exchange their states with probability min(1, f_i(y)
/// f_j(x) / (f_i(x) f_j(y))), first the pairs (1, 2), (3, 4), ..., then (2, 3), (4, 5), ... Both halves leave the joint
/// law as it is, so the first replica is a chain of the model. rho follows the share of accepted exchanges towards
/// <see cref="Target"/>.
/// </summary>
/// <remarks>
/// A state is the replicas' states side by side, [chains, replicas * features], the model's first; of states as wide as
/// one replica all replicas are copies. Replica r at inverse temperature beta is exp(-beta E), of an energy with Gibbs
/// sampling the model with its parameters times beta, to which Gibbs sampling applies. Everything random is keyed by
/// exchange and replica.
/// </remarks>
internal sealed class TemperingSampler(TemperingSpec spec, ISampler inner) : ISampler
{
    /// <summary>
    /// Share of accepted exchanges at which a ladder of given length carries states through most temperatures (Kone and
    /// Kofke 2005; Atchadé, Roberts, Rosenthal 2011).
    /// </summary>
    private const double Target = 0.234;

    private readonly double _gap = (1 / spec.Ratio) - 1;

    /// <inheritdoc/>
    public int Steps => spec.Transitions();

    /// <inheritdoc/>
    public int Replicas => spec.Replicas;

    /// <summary>
    /// How far apart neighbouring temperatures are, 1/rho - 1, where that is adapted; then what the inner kernel
    /// adapts.
    /// </summary>
    public IReadOnlyList<double> InitialTuning => spec.Adapt ? [_gap, .. inner.InitialTuning] : inner.InitialTuning;

    /// <inheritdoc/>
    public IReadOnlyList<double> Adapt(IReadOnlyList<double> tuning, ChainMetrics metrics, long round)
    {
        var adapted = inner.Adapt(Inner(tuning), metrics, round);
        return spec.Adapt
            ? [StepSizeAdaptation.Next(tuning[0], _gap, metrics.SwapAcceptance, Target, round), .. adapted]
            : adapted;
    }

    /// <summary>Inverse temperatures of the replicas, falling from 1.</summary>
    public IReadOnlyList<double> Ladder(IReadOnlyList<double> tuning)
    {
        var ratio = spec.Adapt && tuning.Count > 0 ? 1 / (1 + tuning[0]) : spec.Ratio;
        var ladder = new double[Replicas];
        ladder[0] = 1;
        for (var r = 1; r < Replicas; r++)
        {
            ladder[r] = ladder[r - 1] * ratio;
        }

        return ladder;
    }

    /// <inheritdoc/>
    public SamplerResult Run(
        IEnergy energy, Parameters parameters, Tensor states, ChainBlock block, ClampedUnits? clamp = null)
    {
        using var graphless = no_grad();
        using var outer = NewDisposeScope();
        var features = energy.Space.Features;
        var first = states.narrow(1, 0, features);
        var isNarrow = states.shape[1] == features;
        Tensor[] x = [.. Enumerable.Range(0, Replicas)
            .Select(r => isNarrow ? states.clone() : states.narrow(1, r * features, features).contiguous())];
        Rung[] rungs = [.. Ladder(parameters.Tuning)
            .Select(beta => Rung.Of(energy, parameters, beta, spec.Inner is GibbsSpec, Inner(parameters.Tuning)))];
        try
        {
            var (cold, swaps) = (new List<SamplerInfo>(), zeros(1, ScalarType.Float64, states.device));
            for (var exchange = 0; exchange < spec.Exchanges; exchange++)
            {
                for (var r = 0; r < Replicas; r++)
                {
                    var key = RandomKey.Derive(block.Key.Value, Purpose.Replica, exchange, r);
                    var moved = inner.Run(rungs[r].Energy, rungs[r].Parameters, x[r], block with { Key = key }, clamp);
                    x[r].Dispose();
                    x[r] = moved.States;
                    if (r == 0)
                    {
                        cold.Add(moved.Info);
                    }
                }

                Exchange(rungs, x, block, exchange, swaps);
            }

            var all = cat(x, 1);
            var info = SamplerInfo.Of(first, x[0]);
            var pairs = (double)spec.Exchanges * (Replicas - 1) * states.shape[0];
            return new SamplerResult(all.MoveToOuterDisposeScope(), info with
            {
                Acceptance = cold.Average(i => i.Acceptance),
                GradientNorm = cold.Average(i => i.GradientNorm),
                SwapAcceptance = swaps.item<double>() / pairs,
                NonFinite = (int)(states.shape[0] - all.isfinite().all(1).sum().item<long>()),
            });
        }
        finally
        {
            foreach (var rung in rungs)
            {
                rung.Parameters.Dispose();
            }
        }
    }

    private IReadOnlyList<double> Inner(IReadOnlyList<double> tuning) => spec.Adapt ? [.. tuning.Skip(1)] : tuning;

    /// <summary>Lets neighbours exchange, every second pair at once; adds to the number of exchanges.</summary>
    private void Exchange(Rung[] rungs, Tensor[] x, ChainBlock block, int exchange, Tensor swaps)
    {
        using var scope = NewDisposeScope();
        var uniform = empty([x[0].shape[0], Replicas - 1], ScalarType.Float32, x[0].device);
        var site = new NoiseSite(
            RandomKey.Derive(block.Key.Value, Purpose.ReplicaExchange, 0, 0), block.FirstChain, (uint)exchange);
        block.Noise.FillUniform(uniform, site);
        uniform.log_();
        foreach (var i in Enumerable.Range(0, Replicas - 1).OrderBy(i => i % 2))
        {
            using var pair = NewDisposeScope();
            var (here, there) = (rungs[i], rungs[i + 1]);
            var gain = here.Of(x[i]).Increase(there.Of(x[i + 1])).sub_(here.Of(x[i + 1])).sub_(there.Of(x[i]));

            // A NaN rejects the exchange.
            var swap = uniform.select(1, i).lt(gain);
            swaps.Increase(swap.sum(ScalarType.Float64));
            var column = swap.unsqueeze(1);
            var (up, down) = (where(column, x[i + 1], x[i]), where(column, x[i], x[i + 1]));
            x[i].copy_(up);
            x[i + 1].copy_(down);
        }
    }

    /// <summary>A temperature: the energy and parameters with which it is drawn from.</summary>
    private sealed record Rung(IEnergy Energy, Parameters Parameters)
    {
        /// <summary>Of an inverse temperature; the caller owns the parameters.</summary>
        public static Rung Of(
            IEnergy energy, Parameters parameters, double beta, bool scalesParameters, IReadOnlyList<double> tuning)
        {
            using Scalar factor = beta;
            return scalesParameters
                ? new Rung(energy, new Parameters(parameters.Layout, parameters.Flat.mul(factor), tuning))
                : new Rung(
                    beta == 1 ? energy : new TemperedEnergy(energy, beta),
                    new Parameters(parameters.Layout, parameters.Flat.alias(), tuning));
        }

        /// <summary>Energies of states at this temperature.</summary>
        public Tensor Of(Tensor states) => Energy.Energy(Parameters, states);
    }
}
