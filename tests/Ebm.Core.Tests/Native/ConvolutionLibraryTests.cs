using Ebm.Core.Native;
using static TorchSharp.torch;

namespace Ebm.Core.Tests.Native;

/// <summary>
/// The float32 gradients of convolutions are right in any library that libtorch uses on this processor.
/// </summary>
public sealed class ConvolutionLibraryTests
{
    [Theory]
    [InlineData(1, 1, 2, 8, 5, 4, 2)]
    [InlineData(2, 1, 8, 28, 3, 1, 1)]
    [InlineData(7, 1, 20, 9, 3, 1, 1)]
    [InlineData(7, 5, 7, 9, 3, 1, 1)]
    [InlineData(16, 2, 4, 6, 3, 1, 2)]
    [InlineData(64, 3, 17, 8, 1, 0, 1)]
    [InlineData(4, 16, 33, 8, 3, 1, 1)]
    public void Backward_InFloat32_IsThatOfFloat64(
        int rows, int inputs, int outputs, int side, int kernel, int padding, int stride)
    {
        TorchLibrary.EnsureLoaded();
        using var scope = NewDisposeScope();
        using var generator = new Generator(5);
        var weight = randn([outputs, inputs, kernel, kernel], generator: generator);
        var x = randn([rows, inputs, side, side], generator: generator);
        var (expectedOutput, expected) = Run(ScalarType.Float64);
        var (output, actual) = Run(ScalarType.Float32);

        AssertClose(expectedOutput, output);
        foreach (var (e, a) in expected.Zip(actual))
        {
            AssertClose(e, a);
        }

        var own = TorchOps.ConvolutionBackward(output, x, weight, stride, padding);
        AssertClose(expected[0], own);

        (Tensor Output, Tensor[] Gradients) Run(ScalarType type)
        {
            var (input, kernels) = (x.to_type(type).requires_grad_(true), weight.to_type(type).requires_grad_(true));
            var y = nn.functional.conv2d(input, kernels, strides: [stride, stride], padding: [padding, padding]);
            return (y.detach(), [.. autograd.grad([y], [input, kernels], [y.detach()])]);
        }
    }

    private static void AssertClose(Tensor expected, Tensor actual)
    {
        var error = (expected - actual).abs().max().item<double>() / expected.abs().max().item<double>();
        Assert.True(error < 3e-5, $"relative error {error:g2}");
    }
}
