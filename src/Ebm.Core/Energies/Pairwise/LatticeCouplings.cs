using Ebm.Core.Native;
using Ebm.Core.Spec;
using static TorchSharp.torch;

namespace Ebm.Core.Energies.Pairwise;

/// <summary>
/// One coupling for each edge of a rectangular lattice, to the right and down. <c>couplings.right</c>[i, j] couples
/// unit (i, j) with (i, j + 1), <c>couplings.down</c>[i, j] with (i + 1, j). On a torus both are [height, width]; with
/// free edges they end one short, and a side of length 1 has none. Between categories a coupling counts where they are
/// equal.
/// </summary>
internal sealed class LatticeCouplings(int height, int width, Boundary boundary) : ICouplings
{
    private readonly (string Name, long[] Shape)[] _layout = boundary == Boundary.Torus
        ? [("couplings.right", [height, width]), ("couplings.down", [height, width])]
        : [.. new[] { ("couplings.right", new long[] { height, width - 1 }), ("couplings.down", [height - 1, width]) }
            .Where(entry => entry.Item2.All(side => side > 0))];

    /// <inheritdoc/>
    public IReadOnlyList<(string Name, long[] Shape)> Layout => _layout;

    /// <inheritdoc/>
    public ICouplingField Field(ReadOnlySpan<Tensor> parameters)
    {
        var edges = new Edges[parameters.Length];
        for (var i = 0; i < edges.Length; i++)
        {
            // With free edges the wrap-around couplings are 0, and the rest is as on a torus.
            var missing = (Bottom: height - parameters[i].shape[0], Right: width - parameters[i].shape[1]);
            var full = missing == (0, 0)
                ? parameters[i]
                : nn.functional.pad(parameters[i], [0, missing.Right, 0, missing.Bottom]);
            edges[i] = new Edges(full.unsqueeze(-1), Direction(i));
        }

        return new Stencil(height, width, edges);
    }

    /// <inheritdoc/>
    public IReadOnlyList<Tensor> Gradient(Tensor encoded, Tensor factor)
    {
        var lattice = encoded.view(encoded.shape[0], height, width, -1);
        return [.. _layout.Select((entry, i) =>
        {
            var products = lattice.mul(lattice.roll(-1, Direction(i))).sum(3).flatten(1);
            return mv(products.t(), factor).view(height, width).narrow(0, 0, entry.Shape[0]).narrow(
                1, 0, entry.Shape[1]);
        })];
    }

    /// <inheritdoc/>
    public IReadOnlyList<Tensor> Uniform(double coupling) =>
        [.. _layout.Select(entry => Sums.Filled(entry.Shape, coupling, ScalarType.Float32))];

    private int Direction(int entry) => _layout[entry].Name == "couplings.right" ? 2 : 1;

    /// <summary>
    /// Couplings [height, width, 1] to the next unit along a dimension of [rows, height, width, ...].
    /// </summary>
    private sealed record Edges(Tensor Couplings, int Dimension);

    private sealed class Stencil(int height, int width, Edges[] edges) : ICouplingField
    {
        public Tensor Of(Tensor encoded)
        {
            var lattice = encoded.view(encoded.shape[0], height, width, -1);
            var field = zeros_like(lattice);
            foreach (var (couplings, dimension) in edges)
            {
                field.Increase(lattice.roll(-1, dimension).mul_(couplings))
                    .Increase(lattice.mul(couplings).roll(1, dimension));
            }

            return field.view_as(encoded);
        }
    }
}
