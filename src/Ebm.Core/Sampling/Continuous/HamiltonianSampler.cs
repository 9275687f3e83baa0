using Ebm.Core.Energies;
using Ebm.Core.Native;
using Ebm.Core.Spec;
using static TorchSharp.torch;

namespace Ebm.Core.Sampling.Continuous;

/// <summary>
/// Hamiltonian Monte Carlo on exp(-E(x)/T) (Duane et al. 1987; Neal, "MCMC using Hamiltonian dynamics", 2011): fresh
/// momenta p ~ N(0, 1), leapfrog steps of size s, and acceptance with probability min(1, exp(H - H')), H = E/T +
/// |p|^2/2. With one leapfrog step it is the Metropolis-adjusted Langevin algorithm (Roberts and Tweedie 1996) of step
/// size s^2/2: the same proposal, x - s^2/2 dE/dx + s p, and the same ratio (Neal 2011, section 5.5.2). Both are one
/// kernel here.
/// </summary>
/// <remarks>
/// A proposal whose state, energy or momentum is not finite counts as one of infinite energy: it is rejected. A chain
/// whose own state or energy is not finite stays where it is and is counted. Draws of a step: 0 momenta, 1 acceptance,
/// 2 jitter.
/// </remarks>
internal sealed class HamiltonianSampler : ISampler
{
    // Shares of accepted proposals at which a chain moves fastest for its cost in many dimensions: Roberts and
    // Rosenthal 1998 for one gradient step; for many, Beskos et al. 2013 give 0.651 as optimal, and 0.8 is what is in
    // use since it stalls less.
    private const double MalaTarget = 0.574, HmcTarget = 0.8;

    private readonly HamiltonianSpec _spec;
    private readonly int _leapfrog;
    private readonly double _step, _target, _jitter;

    /// <summary>The Metropolis-adjusted Langevin algorithm.</summary>
    public HamiltonianSampler(MalaSpec spec) =>
        (_spec, _leapfrog, _step, _target) = (spec, 1, spec.StepSize, MalaTarget);

    /// <summary>Hamiltonian Monte Carlo.</summary>
    public HamiltonianSampler(HmcSpec spec) =>
        (_spec, _leapfrog, _step, _target, _jitter) = (spec, spec.Leapfrog, spec.StepSize, HmcTarget, spec.Jitter);

    /// <inheritdoc/>
    public int Steps => _spec.Steps;

    /// <summary>The spec's step size, where it is adapted.</summary>
    public IReadOnlyList<double> InitialTuning => _spec.Adapt ? [_step] : [];

    /// <inheritdoc/>
    public IReadOnlyList<double> Adapt(IReadOnlyList<double> tuning, ChainMetrics metrics, long round) =>
        _spec.Adapt ? [StepSizeAdaptation.Next(tuning[0], _step, metrics.Acceptance, _target, round)] : tuning;

    /// <inheritdoc/>
    public SamplerResult Run(
        IEnergy energy, Parameters parameters, Tensor states, ChainBlock block, ClampedUnits? clamp = null)
    {
        using var graphless = no_grad();
        using var outer = NewDisposeScope();
        using var box = _spec.Range is [var low, var high] ? new ReflectingBox(low, high, clamp) : null;
        var x = ChainStates.Begin(states, clamp);
        box?.Enter(x);
        var flow = new LeapfrogIntegrator(
            new HeldEnergy(energy, parameters, _spec.Temperature, clamp, x), box, _leapfrog);
        var (e, g) = flow.Energy.At(x);
        var size = _spec.Adapt && parameters.Tuning is [var tuned] ? tuned : _step;
        var sizes = Sums.Filled([x.shape[0], 1], _spec is MalaSpec ? Math.Sqrt(2 * size) : size, x.dtype, x.device);
        var (accepted, norms) = (zeros_like(e), zeros_like(e));
        for (var step = 0; step < Steps; step++)
        {
            using var scope = NewDisposeScope();
            norms.Increase(g.Squared().sum(1).sqrt_());
            var momenta = zeros_like(x);
            block.Noise.AddNormal(momenta, 1, block.At(step, 0));
            flow.Energy.Hold(momenta);
            var end = flow.Run(x, momenta, g, Jittered(sizes, block, step));
            var isAccepted = Accept(e, end, momenta, block, step);
            accepted.Increase(isAccepted);
            e.copy_(where(isAccepted, end.Energies, e));
            isAccepted = isAccepted.unsqueeze(1);
            x.copy_(where(isAccepted, end.States, x));
            g.copy_(where(isAccepted, end.Gradient, g));
        }

        return new SamplerResult(x.MoveToOuterDisposeScope(), Info(states, x, e, accepted, norms));
    }

    /// <summary>Which proposals are accepted, [chains].</summary>
    private static Tensor Accept(Tensor energies, PhasePoint end, Tensor momenta, ChainBlock block, int step)
    {
        // (|p|^2 - |p'|^2) / 2 from differences: the squares themselves grow with the dimension, and their difference
        // would lose digits.
        using var scope = NewDisposeScope();
        using Scalar half = 0.5;
        var kinetic = momenta.sub(end.Momenta).mul_(momenta.Plus(end.Momenta)).sum(1).mul_(half);
        var logRatio = energies.sub(end.Energies).Increase(kinetic);
        var uniform = empty_like(energies);
        block.Noise.FillUniform(uniform, block.At(step, 1));
        return uniform.log_().lt(logRatio)
            .logical_and_(logRatio.isfinite())
            .logical_and_(end.States.isfinite().all(1))
            .MoveToOuterDisposeScope();
    }

    /// <summary>Step sizes of a proposal, [chains, 1].</summary>
    private Tensor Jittered(Tensor sizes, ChainBlock block, int step)
    {
        if (_jitter == 0)
        {
            return sizes;
        }

        using var scope = NewDisposeScope();
        using Scalar width = 2 * _jitter, lowest = 1 - _jitter;
        var factor = empty_like(sizes);
        block.Noise.FillUniform(factor, block.At(step, 2));
        return factor.mul_(width).Increase(lowest).mul_(sizes).MoveToOuterDisposeScope();
    }

    private SamplerInfo Info(Tensor first, Tensor last, Tensor energies, Tensor accepted, Tensor norms)
    {
        using var scope = NewDisposeScope();
        var finite = last.isfinite().all(1).logical_and_(energies.isfinite());
        var sums = stack(
            [accepted, norms, finite.to_type(accepted.dtype)],
            1).to_type(ScalarType.Float64).sum([0]).cpu().data<double>();
        var proposals = (double)Steps * last.shape[0];
        return SamplerInfo.Of(first, last) with
        {
            Acceptance = sums[0] / proposals,
            GradientNorm = sums[1] * _spec.Temperature / proposals,
            NonFinite = (int)(last.shape[0] - (long)sums[2]),
        };
    }
}
