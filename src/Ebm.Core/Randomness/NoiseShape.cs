using static TorchSharp.torch;

namespace Ebm.Core.Randomness;

/// <summary>Requirements of every implementation of <see cref="INoise"/> on its tensors.</summary>
internal static class NoiseShape
{
    /// <summary>Rows and columns of <paramref name="target"/>, trailing dimensions flattened to columns.</summary>
    /// <exception cref="ArgumentException">
    /// The tensor is not float32, not contiguous or a scalar, or the bias has another width.
    /// </exception>
    public static (int Rows, int Columns) Of(Tensor target, Tensor? bias)
    {
        Check(target, nameof(target));
        if (target.dim() == 0)
        {
            throw new ArgumentException("Noise needs a tensor with rows; got a scalar.", nameof(target));
        }

        var rows = target.size(0);
        var columns = rows == 0 ? 0 : target.numel() / rows;
        if (bias is not null)
        {
            Check(bias, nameof(bias));
            if (rows > 0 && bias.numel() != columns)
            {
                throw new ArgumentException(
                    $"The bias has {bias.numel()} values; expected one for each of {columns} columns.", nameof(bias));
            }
        }

        return (checked((int)rows), checked((int)columns));
    }

    private static void Check(Tensor tensor, string name)
    {
        if (tensor.dtype != ScalarType.Float32)
        {
            throw new ArgumentException($"Noise needs a float32 tensor; got {tensor.dtype}.", name);
        }

        if (!tensor.is_contiguous())
        {
            throw new ArgumentException("Noise needs a contiguous tensor; got a strided view.", name);
        }
    }
}
