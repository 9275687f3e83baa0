using Ebm.Core.Energies;
using Ebm.Core.Energies.Bases;
using Ebm.Core.Native;
using Ebm.Core.Randomness;
using Ebm.Core.Sampling;
using Ebm.Core.States;
using static TorchSharp.torch;

namespace Ebm.Core.Likelihood;

/// <summary>
/// A path from a base to any energy, p_beta ~ p_base^(1 - beta) exp(-beta E), with a kernel that uses only values and
/// gradients of an energy: log f_beta(x) = (1 - beta) log p_base(x) - beta E(x), and Z_0 = 1. If the model has the same
/// base, E = E_net - log p_base and log f_beta(x) = log p_base(x) - beta E_net(x), and the base is computed once.
/// </summary>
/// <param name="energy">The model.</param>
/// <param name="parameters">Its parameters; they must outlive the path.</param>
/// <param name="start">The base.</param>
/// <param name="kernel">A kernel with invariant distribution exp(-E) for every energy E that it is given.</param>
internal sealed class EnergyPath(
    IEnergy energy, Parameters parameters, IBaseDistribution start, ISampler kernel) : IAnnealedPath
{
    private readonly bool _isUnder = energy is EnergyOverBase based && ReferenceEquals(based.Base, start);
    private readonly IEnergy _network = energy is EnergyOverBase based && ReferenceEquals(based.Base, start)
        ? based.Network
        : energy;

    /// <inheritdoc/>
    public StateSpace Space => energy.Space;

    /// <inheritdoc/>
    public double BaseLogZ => 0;

    /// <inheritdoc/>
    public ISampler? Adaptive => kernel.InitialTuning.Count > 0 ? kernel : null;

    /// <inheritdoc/>
    public Tensor Base(int chains, INoise noise, NoiseSite site) =>
        start.Sample(chains, noise, site, parameters.Flat.device);

    /// <inheritdoc/>
    public SamplerResult Step(Tensor states, Tensor logWeights, TemperatureChange change, ChainBlock chains, uint step)
    {
        using var scope = NewDisposeScope();
        using Scalar rise = change.From - change.To;
        var slope = _network.Energy(parameters, states);
        if (!_isUnder)
        {
            slope.Increase(start.LogProbability(states));
        }

        logWeights.add_(slope.to_type(ScalarType.Float64), alpha: rise);

        // The kernel counts its own steps from 0, so each temperature has a key of its own.
        var key = RandomKey.Derive(chains.Key.Value, Purpose.AnnealingStep, 0, step);
        using var tuned = new Parameters(parameters.Layout, parameters.Flat.alias(), change.Tuning);
        var between = new PathEnergy(_network, start, _isUnder ? 1 : 1 - change.To, change.To);
        var moved = kernel.Run(between, tuned, states, chains with { Key = key });
        moved.States.MoveToOuterDisposeScope();
        return moved;
    }
}
