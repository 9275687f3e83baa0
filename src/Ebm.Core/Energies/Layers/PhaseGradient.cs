using Ebm.Core.States;
using static TorchSharp.torch;

namespace Ebm.Core.Energies.Layers;

/// <summary>
/// Input gradient of a stride-2 convolution with odd kernel k and padding k - 1, as one stride-1 convolution. The
/// gradient at pixel 2u + phase sums only the taps 2a + phase of the kernel, at outputs u + (k-1)/2 - a; so each of the
/// four phases is a convolution of its own, and a pixel shuffle puts them together. For the first layer (one channel)
/// this is over three times faster on the CPU than the strided backward kernel.
/// </summary>
internal static class PhaseGradient
{
    /// <summary>Whether a convolution has the form.</summary>
    public static bool Applies(ImageShape input, int kernel, int padding, int stride) =>
        stride == 2 && kernel % 2 == 1 && padding == kernel - 1 && input.Height % 2 == 0 && input.Width % 2 == 0;

    /// <summary>Gradient [rows, inputs, height, width] for <paramref name="weight"/> [outputs, inputs, k, k].</summary>
    public static Tensor Compute(Tensor upstream, Tensor weight) =>
        nn.functional.pixel_shuffle(nn.functional.conv2d(upstream, Kernels(weight)), 2);

    /// <summary>[4 inputs, outputs, (k+1)/2, (k+1)/2]: for each input the phases (0,0), (0,1), (1,0), (1,1).</summary>
    private static Tensor Kernels(Tensor weight)
    {
        long outputs = weight.shape[0], inputs = weight.shape[1], taps = (weight.shape[2] + 1) / 2;
        return nn.functional.pad(weight, [0, 1, 0, 1])
            .reshape(outputs, inputs, taps, 2, taps, 2).flip(2, 4)
            .permute(1, 3, 5, 0, 2, 4).reshape(4 * inputs, outputs, taps, taps);
    }
}
