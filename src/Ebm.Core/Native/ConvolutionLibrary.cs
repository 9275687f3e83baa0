using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Ebm.Core.Native;

/// <summary>
/// Whether libtorch takes its convolutions on the CPU from oneDNN. On some processors that library (3.7.1, in libtorch
/// 2.10) computes wrong input gradients of convolutions whose outputs do not fill its blocks of channels; libtorch's
/// own kernels are right there, and slower.
/// </summary>
internal static class ConvolutionLibrary
{
    private static readonly Lazy<bool> Right = new(Choose);

    /// <summary>
    /// Whether oneDNN is in use: its gradients are right on this processor. The first call finds out.
    /// </summary>
    public static bool IsOneDnn => Right.Value;

    private static bool Choose()
    {
        // Next in line after oneDNN. It writes a warning for each convolution on processors that it has no kernels for.
        var context = GlobalContext();
        SetNnpack(context, false);
        var right = IsRight();
        SetOneDnn(context, right);
        return right;
    }

    /// <summary>
    /// On small whole numbers, of which every sum is exact: any right kernel, in any order, gives the float64 result to
    /// the bit.
    /// </summary>
    private static bool IsRight()
    {
        using var scope = NewDisposeScope();
        using var graph = enable_grad();
        foreach (var (inputs, outputs, stride) in new[] { (1, 2, 1), (1, 8, 1), (2, 4, 2), (5, 7, 1) })
        {
            var upstream = WholeNumbers(4, outputs, 8 / stride, 8 / stride);
            if (!Gradient(ScalarType.Float32).to_type(ScalarType.Float64).Equals(Gradient(ScalarType.Float64)))
            {
                return false;
            }

            Tensor Gradient(ScalarType type)
            {
                var x = WholeNumbers(4, inputs, 8, 8).to_type(type).requires_grad_(true);
                var weight = WholeNumbers(outputs, inputs, 3, 3).to_type(type);
                var y = nn.functional.conv2d(x, weight, strides: [stride, stride], padding: [1, 1]);
                return autograd.grad([y], [x], [upstream.to_type(type)])[0];
            }
        }

        return true;
    }

    /// <summary>From -3 to 3, no two neighbours alike.</summary>
    private static Tensor WholeNumbers(params long[] shape)
    {
        // Sums waits for this to be done.
        using Scalar zero = 0, one = 1, three = 3, five = 5, seven = 7, count = shape.Aggregate((a, b) => a * b);
        return arange(zero, count, one, ScalarType.Int64).mul(five).remainder(seven).sub(three).view(shape);
    }

    [DllImport("libtorch_cpu.so", EntryPoint = "_ZN2at13globalContextEv")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.AssemblyDirectory | DllImportSearchPath.SafeDirectories)]
    private static extern nint GlobalContext();

    [DllImport("libtorch_cpu.so", EntryPoint = "_ZN2at7Context20setUserEnabledMkldnnEb")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.AssemblyDirectory | DllImportSearchPath.SafeDirectories)]
    private static extern void SetOneDnn(nint context, [MarshalAs(UnmanagedType.U1)] bool enabled);

    [DllImport("libtorch_cpu.so", EntryPoint = "_ZN2at7Context20setUserEnabledNNPACKEb")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.AssemblyDirectory | DllImportSearchPath.SafeDirectories)]
    private static extern void SetNnpack(nint context, [MarshalAs(UnmanagedType.U1)] bool enabled);
}
