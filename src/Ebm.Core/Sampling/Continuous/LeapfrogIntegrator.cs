using Ebm.Core.Energies;
using static TorchSharp.torch;

namespace Ebm.Core.Sampling.Continuous;

/// <summary>Where leapfrog steps end.</summary>
/// <param name="States">[chains, features].</param>
/// <param name="Momenta">[chains, features].</param>
/// <param name="Energies">Energy of the states over the temperature, [chains].</param>
/// <param name="Gradient">Its gradient there, [chains, features].</param>
internal readonly record struct PhasePoint(Tensor States, Tensor Momenta, Tensor Energies, Tensor Gradient);

/// <summary>A number of leapfrog steps (Neal 2011, eq. 5.18 to 5.20): reversible, and it keeps volumes.</summary>
internal sealed class LeapfrogIntegrator(HeldEnergy energy, ReflectingBox? box, int steps)
{
    /// <summary>What drives the dynamics.</summary>
    public HeldEnergy Energy => energy;

    /// <summary>
    /// Goes from states and momenta, which are left as they are; <paramref name="gradient"/> is that of the states.
    /// </summary>
    /// <param name="states">[chains, features].</param>
    /// <param name="momenta">[chains, features].</param>
    /// <param name="gradient">[chains, features].</param>
    /// <param name="sizes">Step size of each chain, [chains, 1].</param>
    public PhasePoint Run(Tensor states, Tensor momenta, Tensor gradient, Tensor sizes)
    {
        using var scope = NewDisposeScope();
        using Scalar half = 0.5, plus = 1, minus = -1;
        var halves = sizes.mul(half);
        var x = states.clone();
        var p = momenta.addcmul(halves, gradient, minus);
        for (var step = 1; step < steps; step++)
        {
            using var inner = NewDisposeScope();
            Drift(x, p, sizes, plus);
            p.addcmul_(sizes, energy.GradientAt(x), minus);
        }

        Drift(x, p, sizes, plus);
        var (energies, last) = energy.At(x);
        p.addcmul_(halves, last, minus);
        return new PhasePoint(
            x.MoveToOuterDisposeScope(), p.MoveToOuterDisposeScope(), energies.MoveToOuterDisposeScope(),
            last.MoveToOuterDisposeScope());
    }

    private void Drift(Tensor x, Tensor p, Tensor sizes, Scalar plus)
    {
        x.addcmul_(sizes, p, plus);
        box?.Reflect(x, p);
    }
}

/// <summary>
/// E/T of states some of whose coordinates may be held fast. Those have no momentum and feel no force, so that what is
/// sampled is the law of the others given them.
/// </summary>
internal sealed class HeldEnergy(
    IEnergy energy, Parameters parameters, double temperature, ClampedUnits? clamp, Tensor like)
{
    // 0 where a coordinate is held, [chains, features] or broadcastable to it; of the caller's dispose scope.
    private readonly Tensor? _free = clamp is null
        ? null
        : clamp.Known.to_type(ScalarType.Bool).logical_not().to_type(like.dtype);

    /// <summary>E/T of each row, [rows], and its gradient, [rows, features].</summary>
    public (Tensor Energies, Tensor Gradient) At(Tensor states)
    {
        var (energies, gradient) = energy.EnergyAndGradient(parameters, states);
        if (temperature != 1)
        {
            using Scalar cooling = 1 / temperature;
            energies.mul_(cooling);
        }

        return (energies, Force(gradient));
    }

    /// <summary>The gradient alone.</summary>
    public Tensor GradientAt(Tensor states) => Force(energy.StateGradient(parameters, states));

    /// <summary>Sets to zero what belongs to held coordinates, in place.</summary>
    public void Hold(Tensor values)
    {
        if (_free is not null)
        {
            values.mul_(_free);
        }
    }

    private Tensor Force(Tensor gradient)
    {
        if (temperature != 1)
        {
            using Scalar cooling = 1 / temperature;
            gradient.mul_(cooling);
        }

        Hold(gradient);
        return gradient;
    }
}
