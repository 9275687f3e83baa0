using static TorchSharp.torch;

namespace Ebm.Core.Native;

/// <summary>
/// Operations whose numbers live as long as the process. TorchSharp's own <c>a + b</c>, <c>add</c> and <c>add_</c> make a factor
/// 1 for the call, a Scalar that only its finalizer holds: a collection at the wrong moment frees it under the call, which then
/// fails. (For the same reason softplus is one of <see cref="TorchOps"/>.)
/// </summary>
internal static class Sums
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

    private static Scalar Number(Func<Scalar> of)
    {
        TorchLibrary.EnsureLoaded();
        return of();
    }
}
