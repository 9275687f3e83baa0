using static TorchSharp.torch;

namespace Ebm.Core.Native;

/// <summary>
/// Operations whose numbers live as long as the process. TorchSharp's own <c>a + b</c>, <c>add</c> and <c>add_</c> make
/// a factor 1 for the call, a Scalar that only its finalizer holds: a collection at the wrong moment frees it under the
/// call, which then fails. (For the same reason softplus is one of <see cref="TorchOps"/>.)
/// </summary>
public static class Sums
{
    // Whole, so that tensors of whole numbers take it as well.
    private static readonly Scalar One = Number(() => 1), Fifth = Number(() => 0.2);

    /// <summary>left + right, a new tensor.</summary>
    public static Tensor Plus(this Tensor left, Tensor right) => left.add(right, One);

    /// <summary>left and a number, which the caller keeps alive; a new tensor.</summary>
    public static Tensor Plus(this Tensor left, Scalar right) => left.add(right, One);

    /// <summary>Adds right to left in place; returns left.</summary>
    public static Tensor Increase(this Tensor left, Tensor right) => left.add_(right, One);

    /// <summary>Adds a number, which the caller keeps alive, to left in place; returns left.</summary>
    public static Tensor Increase(this Tensor left, Scalar right) => left.add_(right, One);

    /// <summary>x where it is positive, else a fifth of it.</summary>
    public static Tensor LeakyRelu(this Tensor x) => x.leaky_relu(Fifth);

    /// <summary>x times itself, as <c>square</c> computes it, which makes an exponent 2 for the call.</summary>
    public static Tensor Squared(this Tensor x) => x.mul(x);

    /// <summary>A new tensor of one value.</summary>
    public static Tensor Filled(long[] shape, double value, ScalarType type, Device? device = null)
    {
        using Scalar number = value;
        return full(shape, number, type, device: device);
    }

    /// <summary>
    /// A new tensor of the whole numbers from <paramref name="first"/> up to <paramref name="end"/>, which is left out.
    /// </summary>
    public static Tensor Count(long first, long end, ScalarType type, Device? device = null)
    {
        using Scalar from = first, to = end;
        return arange(from, to, One, type, device: device);
    }

    /// <summary>x, with one value where the mask is true; a new tensor.</summary>
    public static Tensor FilledWhere(this Tensor x, Tensor mask, double value)
    {
        using Scalar number = value;
        return x.masked_fill(mask, number);
    }

    /// <summary>Where x is another number.</summary>
    public static Tensor IsNot(this Tensor x, double value)
    {
        using Scalar number = value;
        return x.ne(number);
    }

    private static Scalar Number(Func<Scalar> of)
    {
        TorchLibrary.EnsureLoaded();
        return of();
    }
}
