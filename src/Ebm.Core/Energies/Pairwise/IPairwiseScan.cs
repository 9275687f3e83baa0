using Ebm.Core.Native;
using Ebm.Core.Randomness;
using static TorchSharp.torch;

namespace Ebm.Core.Energies.Pairwise;

/// <summary>An order in which units are resampled, each given the others.</summary>
internal interface IPairwiseScan
{
    /// <summary>
    /// One sweep over all units; a new tensor of <paramref name="encoded"/>'s shape, [rows, units, width].
    /// </summary>
    /// <param name="couplings">The couplings.</param>
    /// <param name="external">h, [units, width].</param>
    /// <param name="encoded">z, [rows, units, width].</param>
    /// <param name="noise">Noise on the device.</param>
    /// <param name="site">The sweep's site.</param>
    /// <param name="known">True where a unit stays, [rows, units] or broadcastable; or null.</param>
    Tensor Sweep(
        ICouplingField couplings, Tensor external, Tensor encoded, INoise noise, NoiseSite site, Tensor? known);
}

/// <summary>All units of a colour at once, colour after colour; draw k for colour k.</summary>
internal sealed class ColourScan(IPairwiseUnits units, IReadOnlyList<bool[]> colours) : IPairwiseScan
{
    /// <inheritdoc/>
    public Tensor Sweep(
        ICouplingField couplings, Tensor external, Tensor encoded, INoise noise, NoiseSite site, Tensor? known)
    {
        for (var k = 0; k < colours.Count; k++)
        {
            var drawn = units.Draw(couplings.Of(encoded).Increase(external), noise, site with { Draw = (uint)k });
            var moves = tensor(colours[k], device: encoded.device);
            if (known is not null)
            {
                moves = known.logical_not().logical_and_(moves);
            }

            encoded = where(moves.unsqueeze(-1), drawn, encoded);
        }

        return encoded;
    }
}

/// <summary>
/// Unit after unit; draw 0. The field of all units is kept and moved by each change (a product of width <c>width</c>),
/// so a sweep costs as much as one field of every state, in some ten small operations a unit.
/// </summary>
internal sealed class UnitScan(IPairwiseUnits units) : IPairwiseScan
{
    /// <inheritdoc/>
    public Tensor Sweep(
        ICouplingField couplings, Tensor external, Tensor encoded, INoise noise, NoiseSite site, Tensor? known)
    {
        var (rows, count, width) = (encoded.shape[0], encoded.shape[1], encoded.shape[2]);
        var matrix = ((DenseField)couplings).Matrix;
        var uniform = empty(encoded.shape, ScalarType.Float32, encoded.device);
        noise.FillUniform(uniform, site);

        // Units first: what belongs to one unit lies together, [units width, rows].
        var thresholds = units.Thresholds(uniform).flatten(1).t().contiguous();
        var field = couplings.Of(encoded).Increase(external).flatten(1).t().contiguous();
        var z = encoded.flatten(1).t().contiguous();
        var stays = known?.expand(rows, count).t().contiguous();
        for (var i = 0; i < count; i++)
        {
            using var scope = NewDisposeScope();
            var (begin, end) = (i * width, (i + 1) * width);
            var current = z.narrow(0, begin, width);
            var next = units.Choose(field.narrow(0, begin, width), thresholds.narrow(0, begin, width));
            if (stays is not null)
            {
                next = where(stays.narrow(0, i, 1), current, next);
            }

            // Only the units that follow read their field again.
            var later = matrix.narrow(1, begin, width).narrow(0, end, matrix.shape[0] - end);
            field.narrow(0, end, field.shape[0] - end).addmm_(later, next.sub(current), beta: 1, alpha: 1);
            current.copy_(next);
        }

        return z.t().contiguous().view(rows, count, width);
    }
}
