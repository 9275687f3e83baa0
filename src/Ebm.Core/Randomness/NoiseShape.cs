using static TorchSharp.torch;

namespace Ebm.Core.Randomness;

/// <summary>What every implementation of <see cref="INoise"/> asks of its tensors.</summary>
internal static class NoiseShape
{
    /// <summary>Rows and columns of <paramref name="target"/>, trailing dimensions flattened to columns.</summary>
    /// <exception cref="ArgumentException">Not float32, not contiguous, a scalar, or a bias of another
    /// width.</exception>
    public static (int Rows, int Columns) Of(Tensor target, Tensor? bias)
    {
        Check(target, nameof(target));
        if (target.dim() == 0)
        {
            throw new ArgumentException("Noise is keyed by rows; the tensor is a scalar.", nameof(target));
        }

        var rows = target.size(0);
        var columns = rows == 0 ? 0 : target.numel() / rows;
        if (bias is not null)
        {
            Check(bias, nameof(bias));
            if (rows > 0 && bias.numel() != columns)
            {
                throw new ArgumentException(
                    $"The bias has {bias.numel()} values; the tensor has {columns} columns.", nameof(bias));
            }
        }

        return (checked((int)rows), checked((int)columns));
    }

    private static void Check(Tensor tensor, string name)
    {
        if (tensor.dtype != ScalarType.Float32)
        {
            throw new ArgumentException($"Noise is made in float32; the tensor is {tensor.dtype}.", name);
        }

        if (!tensor.is_contiguous())
        {
            throw new ArgumentException(
                "Noise is made in place on contiguous memory; the tensor is a strided view.", name);
        }
    }
}
