using Ebm.Core.Energies;
using Ebm.Core.Spec;
using Ebm.Core.States;
using static TorchSharp.torch;

namespace Ebm.Core.Sampling.Discrete;

/// <summary>
/// Markov kernels on binary and categorical states whose proposals the energy's gradient informs: Gibbs with gradients
/// (Grathwohl et al. 2021) and discrete Langevin dynamics (Zhang, Liu, Liu 2022). Adjusted ones accept x' with
/// probability min(1, exp(E(x) - E(x')) q(x | x') / q(x' | x)), so p is stationary exactly; <c>dula</c> takes every
/// proposal.
/// </summary>
/// <remarks>
/// Draws of a step: 0 proposal, 1 acceptance. With a clamp the known units are never proposed: the rest is sampled
/// given them. A chain whose energy is not finite accepts nothing that is not, stays where it is, and is counted.
/// </remarks>
internal sealed class InformedSampler : ISampler
{
    /// <summary>
    /// Share of accepted proposals at which locally balanced ones move fastest (Sun et al. 2022, "Optimal scaling for
    /// locally balanced proposals").
    /// </summary>
    private const double Target = 0.574;

    private readonly Func<StateSpace, IInformedProposal> _proposal;
    private readonly double _stepSize;
    private readonly bool _adjusted, _adapts;

    /// <summary>Gibbs with gradients.</summary>
    public InformedSampler(GwgSpec spec)
    {
        (Steps, _adjusted, _stepSize) = (spec.Steps, true, double.NaN);
        _proposal = space =>
            IsBinary(space)
            ? new SingleFlipProposal(spec.Balance)
            : new SingleChangeProposal(spec.Balance, space.Categories);
    }

    /// <summary>Discrete Metropolis-adjusted Langevin.</summary>
    public InformedSampler(DmalaSpec spec)
    {
        (Steps, _adjusted, _stepSize, _adapts) = (spec.Steps, true, spec.StepSize, spec.Adapt);
        _proposal = space => Langevin(space, spec.Balance);
    }

    /// <summary>Discrete unadjusted Langevin.</summary>
    public InformedSampler(DulaSpec spec)
    {
        (Steps, _stepSize) = (spec.Steps, spec.StepSize);
        _proposal = space => Langevin(space, spec.Balance);
    }

    /// <inheritdoc/>
    public int Steps { get; }

    /// <summary>The spec's step size, where it is adapted.</summary>
    public IReadOnlyList<double> InitialTuning => _adapts ? [_stepSize] : [];

    /// <inheritdoc/>
    public IReadOnlyList<double> Adapt(IReadOnlyList<double> tuning, ChainMetrics metrics, long round) =>
        _adapts ? [StepSizeAdaptation.Next(tuning[0], _stepSize, metrics.Acceptance, Target, round)] : tuning;

    /// <inheritdoc/>
    public SamplerResult Run(
        IEnergy energy, Parameters parameters, Tensor states, ChainBlock block, ClampedUnits? clamp = null)
    {
        if (energy.Space.Units == UnitKind.Real)
        {
            throw new InputException("sampler: gwg, dmala and dula draw binary and categorical units, and "
                + "the energy's are real. Use sampler: langevin with this energy.");
        }

        using var graphless = no_grad();
        using var outer = NewDisposeScope();
        var chains = new InformedChains(
            _proposal(energy.Space),
            energy,
            parameters,
            ChainStates.Begin(states, clamp),
            _adapts && parameters.Tuning is [var tuned] ? tuned : _stepSize,
            clamp?.Known.to_type(ScalarType.Bool));
        for (var step = 0; step < Steps; step++)
        {
            using var scope = NewDisposeScope();
            chains.Step(block, step, _adjusted);
        }

        return new SamplerResult(chains.States.MoveToOuterDisposeScope(), chains.Info(states, Steps, _adjusted));
    }

    private static bool IsBinary(StateSpace space) => space.Units == UnitKind.Binary;

    private static IInformedProposal Langevin(StateSpace space, double balance) =>
        IsBinary(space) ? new LangevinFlipProposal(balance) : new LangevinCategoryProposal(balance, space.Categories);
}
