using Ebm.Core.Native;
using static TorchSharp.torch;

namespace Ebm.Core.Energies.Pairwise;

/// <summary>
/// Every unit is coupled with every other. <c>couplings</c> holds one parameter for each pair i &lt; j of spins, or for
/// each pair and each pair of categories: the part of the symmetric matrix J [units width, units width] that lies right
/// of its diagonal blocks, row by row.
/// </summary>
internal sealed class DenseCouplings(int units, int width) : ICouplings
{
    private readonly long _size = (long)units * width;

    /// <inheritdoc/>
    public IReadOnlyList<(string Name, long[] Shape)> Layout { get; } =
        [("couplings", [(long)units * (units - 1) / 2 * width * width])];

    /// <inheritdoc/>
    public ICouplingField Field(ReadOnlySpan<Tensor> parameters) => new DenseField(Matrix(parameters[0]));

    /// <inheritdoc/>
    public IReadOnlyList<Tensor> Gradient(Tensor encoded, Tensor factor)
    {
        var flat = encoded.flatten(1);
        return [mm(flat.mul(factor.unsqueeze(1)).t(), flat).masked_select(IsUpper(encoded.device))];
    }

    /// <inheritdoc/>
    public IReadOnlyList<Tensor> Uniform(double coupling) =>
        [Upper(eye(width, dtype: ScalarType.Float32).mul(Sums.Filled([1], coupling, ScalarType.Float32)).repeat(
            units, units))];

    /// <summary>The parameters of a symmetric matrix [units width, units width].</summary>
    public Tensor Upper(Tensor matrix) => matrix.masked_select(IsUpper(matrix.device));

    /// <summary>The symmetric matrix J, 0 on its diagonal blocks.</summary>
    public Tensor Matrix(Tensor pairs)
    {
        var upper = zeros([_size, _size], pairs.dtype, pairs.device).masked_scatter_(IsUpper(pairs.device), pairs);
        return upper.Plus(upper.t());
    }

    private Tensor IsUpper(Device device)
    {
        using Scalar block = width;
        var unit = Sums.Count(0, _size, ScalarType.Int64, device).div(block, RoundingMode.floor);
        return unit.unsqueeze(1).lt(unit);
    }
}

/// <summary>The symmetric matrix J of all couplings, [units width, units width].</summary>
internal sealed record DenseField(Tensor Matrix) : ICouplingField
{
    /// <inheritdoc/>
    public Tensor Of(Tensor encoded) => mm(encoded.flatten(1), Matrix).view_as(encoded);
}
