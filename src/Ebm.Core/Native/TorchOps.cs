using System.Collections.Concurrent;
using System.Globalization;
using static TorchSharp.torch;

namespace Ebm.Core.Native;

/// <summary>
/// Kernels of libtorch that TorchSharp does not name, or does not call safely, reached through TorchScript. One
/// operation a script: there is nothing to fuse, so the first call and the thousandth give the same bits. A wrong
/// script ends the process (it cannot be caught), so a test calls each. Inputs of backward kernels must not require a
/// gradient.
/// </summary>
/// <remarks>
/// Numbers stand in the script's text and are never arguments: TorchSharp turns those into Scalars that only its
/// finalizer holds, so a collection at the wrong moment frees them under the call. For the same reason numbers that go
/// into tensor operations elsewhere are <c>using Scalar</c> locals, which live to the end of their block.
/// </remarks>
public static class TorchOps
{
    private const string Source = """
        def silu_backward(upstream, z):
            return torch.silu_backward(upstream, z)

        def relu_backward(upstream, z):
            return torch.threshold_backward(upstream, z, 0)

        def tanh_backward(upstream, y):
            return torch.tanh_backward(upstream, y)

        def softplus_backward(upstream, z):
            return torch.softplus_backward(upstream, z, 1, 20)

        def softplus(x):
            return torch.softplus(x, 1, 20)

        def leaky_relu_backward(upstream, z):
            return torch.leaky_relu_backward(upstream, z, 0.2, False)

        def avg_pool_backward(upstream, x):
            return torch.avg_pool2d_backward(upstream, x, [2, 2], [2, 2], [0, 0], False, True, None)

        """;

    private static readonly jit.CompilationUnit Scripts = Compile(Source);
    private static readonly ConcurrentDictionary<(long Stride, long Padding), Lazy<jit.CompilationUnit>> Convolutions =
        new();

    /// <summary>upstream * d silu(z) / dz.</summary>
    internal static Tensor SiluBackward(Tensor upstream, Tensor z) => Invoke("silu_backward", upstream, z);

    /// <summary>upstream where z is positive, else 0.</summary>
    internal static Tensor ReluBackward(Tensor upstream, Tensor z) => Invoke("relu_backward", upstream, z);

    /// <summary>upstream * (1 - y^2), where y = tanh(z).</summary>
    internal static Tensor TanhBackward(Tensor upstream, Tensor y) => Invoke("tanh_backward", upstream, y);

    /// <summary>upstream * sigmoid(z).</summary>
    internal static Tensor SoftplusBackward(Tensor upstream, Tensor z) => Invoke("softplus_backward", upstream, z);

    /// <summary>log(1 + e^x), x itself above 20; differentiable, unlike the others.</summary>
    public static Tensor Softplus(Tensor x) => Invoke("softplus", x);

    /// <summary>upstream where z is positive, else a fifth of it.</summary>
    internal static Tensor LeakyReluBackward(Tensor upstream, Tensor z) => Invoke("leaky_relu_backward", upstream, z);

    /// <summary>Gradient in the input x of means over squares of 2x2 pixels; only the shape of x matters.</summary>
    internal static Tensor AveragePoolBackward(Tensor upstream, Tensor x) => Invoke("avg_pool_backward", upstream, x);

    /// <summary>
    /// Gradient in the input [rows, in, height, width] of a square convolution; only the shape of x matters.
    /// </summary>
    internal static Tensor ConvolutionBackward(Tensor upstream, Tensor x, Tensor weight, long stride, long padding) =>
        (Tensor)Convolutions.GetOrAdd((stride, padding), CompileBackward).Value.invoke("backward", upstream, x, weight);

    private static Lazy<jit.CompilationUnit> CompileBackward((long Stride, long Padding) shape) =>
        new(() => Compile(string.Create(CultureInfo.InvariantCulture, $"""
            def backward(upstream, x, weight):
                return torch.convolution_backward(upstream, x, weight, None, [{shape.Stride}, {shape.Stride}],
                                                  [{shape.Padding}, {shape.Padding}], [1, 1], False, [0, 0], 1,
                                                  [True, False, False])[0]

            """)));

    private static Tensor Invoke(string name, params object[] arguments) => (Tensor)Scripts.invoke(name, arguments);

    private static jit.CompilationUnit Compile(string source)
    {
        TorchLibrary.EnsureLoaded();
        return jit.compile(source);
    }
}
