using Ebm.Core.Energies;
using Ebm.Core.Native;
using static TorchSharp.torch;

namespace Ebm.Core.Sampling.Discrete;

/// <summary>
/// The chains of one call, with cached values at their states: energies, the proposal's table, the gradient's norm. A
/// step costs one energy and one gradient, at the proposed states; the values of the old states are kept. Tensors
/// belong to the dispose scope that it was made in.
/// </summary>
internal sealed class InformedChains
{
    private readonly IInformedProposal _proposal;
    private readonly IEnergy _energy;
    private readonly Parameters _parameters;
    private readonly double _stepSize;
    private readonly Tensor? _known;
    private readonly Tensor _energies, _table, _norms;
    private readonly Tensor _accepted, _normSum;

    /// <summary>Chains at <paramref name="states"/> [chains, features], which steps overwrite.</summary>
    public InformedChains(
        IInformedProposal proposal, IEnergy energy, Parameters parameters, Tensor states, double stepSize,
        Tensor? known)
    {
        (_proposal, _energy, _parameters, _stepSize, _known) = (proposal, energy, parameters, stepSize, known);
        States = states;
        (_energies, _table, _norms) = At(states);
        (_accepted, _normSum) = (zeros_like(_energies), zeros_like(_energies));
    }

    /// <summary>[chains, features].</summary>
    public Tensor States { get; }

    /// <summary>One transition of every chain.</summary>
    public void Step(ChainBlock block, int step, bool adjusted)
    {
        _normSum.Increase(_norms);
        var proposed = _proposal.Draw(_table, States, block.Noise, block.At(step, 0));
        var (energies, table, norms) = At(proposed);
        if (!adjusted)
        {
            States.copy_(proposed);
            _energies.copy_(energies);
            _table.copy_(table);
            _norms.copy_(norms);
            return;
        }

        var logRatio = _energies.sub(energies)
            .Increase(_proposal.LogProbability(table, proposed, States))
            .sub_(_proposal.LogProbability(_table, States, proposed));
        var uniform = zeros([States.shape[0]], ScalarType.Float32, States.device);
        block.Noise.FillUniform(uniform, block.At(step, 1));
        var accepted = uniform.log_().lt(logRatio);
        _accepted.Increase(accepted);
        Replace(_energies, energies, accepted);
        Replace(_norms, norms, accepted);
        Replace(_table, table, accepted);
        Replace(States, proposed, accepted);
    }

    /// <summary>Figures of all steps; reads from the device.</summary>
    public SamplerInfo Info(Tensor first, int steps, bool adjusted)
    {
        using var scope = NewDisposeScope();
        var finite = States.isfinite().all(1).logical_and_(_energies.isfinite());
        var sums = stack([_accepted, _normSum, finite.to_type(_accepted.dtype)], 1)
            .to_type(ScalarType.Float64).sum([0]).cpu().data<double>();
        var transitions = (double)steps * States.shape[0];
        return SamplerInfo.Of(first, States, _energy.Space.Units) with
        {
            Acceptance = adjusted ? sums[0] / transitions : double.NaN,
            GradientNorm = sums[1] / transitions,
            NonFinite = (int)(States.shape[0] - (long)sums[2]),
        };
    }

    private (Tensor Energies, Tensor Table, Tensor Norms) At(Tensor states)
    {
        var (energies, gradient) = _energy.EnergyAndGradient(_parameters, states);
        return (energies, _proposal.Table(states, gradient, _stepSize, _known), gradient.Squared().sum(1).sqrt_());
    }

    private static void Replace(Tensor old, Tensor proposed, Tensor accepted) =>
        old.copy_(where(accepted.view([-1, .. Enumerable.Repeat(1L, (int)old.dim() - 1)]), proposed, old));
}
