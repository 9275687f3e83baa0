using Ebm.Core.Native;
using static TorchSharp.torch;

namespace Ebm.Core.Sampling.Continuous;

/// <summary>
/// A range whose bounds are hard walls: a particle that reaches one continues in the opposite direction, as often as it
/// takes. The move is reversible and keeps volumes, so a Metropolis test after it needs no correction (Neal 2011,
/// section 5.5.1.5). Coordinates that a clamp holds may lie outside.
/// </summary>
internal sealed class ReflectingBox(double low, double high, ClampedUnits? clamp) : IDisposable
{
    private readonly Scalar _low = low, _high = high, _width = high - low, _twice = 2 * (high - low);

    /// <summary>Brings states that start outside to the nearest bound, in place.</summary>
    public void Enter(Tensor states)
    {
        using var scope = NewDisposeScope();
        Put(states, states.clamp(_low, _high));
    }

    /// <summary>Folds free flight back into the box and turns momenta with every reflection, both in place.</summary>
    public void Reflect(Tensor states, Tensor momenta)
    {
        // Reflections unfold into a line with period twice the width; on its second half the particle flies backwards.
        using var scope = NewDisposeScope();
        var unfolded = states.sub(_low).remainder_(_twice);
        var backwards = unfolded.gt(_width);
        Put(states, where(backwards, unfolded.neg().Increase(_twice), unfolded).Increase(_low).clamp_(_low, _high));
        momenta.copy_(where(backwards, momenta.neg(), momenta));
    }

    private void Put(Tensor states, Tensor inside) => states.copy_(clamp?.Apply(inside) ?? inside);

    /// <inheritdoc/>
    public void Dispose()
    {
        _low.Dispose();
        _high.Dispose();
        _width.Dispose();
        _twice.Dispose();
    }
}
