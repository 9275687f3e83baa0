using Ebm.Core.Energies.Layers;
using Ebm.Core.Spec;
using Ebm.Core.States;

namespace Ebm.Core.Energies.Networks;

/// <summary>
/// Residual network of the kind of IGEBM (Du and Mordatch, "Implicit generation and generalization in energy-based
/// models", 2019): a 3x3 convolution, stages of residual blocks, relu, sums over the pixels, one output. No
/// normalisation by batches, since a chain's energy must not depend on other chains. The paper's CIFAR-10 network has
/// channels 128, 256, 512 and 3 blocks a stage.
/// </summary>
internal static class ResNetEnergy
{
    /// <summary>Sides of the images that <paramref name="stages"/> stages can halve.</summary>
    public static int SmallestSide(int stages) => 1 << stages;

    /// <summary>The energy on images whose sides are at least <see cref="SmallestSide"/>.</summary>
    public static LayeredEnergy Create(ResNetSpec spec, ImageShape image)
    {
        var first = Convolve("conv", image, spec.Channels[0], 3);
        List<IStage> stages = [new ReshapeToImage(image), first, .. Classes("conv", first),
            new ActivationLayer(spec.Activation)];
        var shape = first.Output;
        for (var i = 0; i < spec.Channels.Length; i++)
        {
            for (var j = 0; j < spec.Blocks; j++)
            {
                var name = $"stage{i + 1}.block{j + 1}";
                stages.Add(Block(name, shape, spec.Channels[i]));
                shape = shape with { Channels = spec.Channels[i] };
                if (j == 0)
                {
                    var pool = new AveragePool(shape);
                    stages.Add(pool);
                    shape = pool.Output;
                }

                stages.Add(new ActivationLayer(spec.Activation));
            }
        }

        stages.AddRange([new ActivationLayer(Activation.Relu), new SumPool(), new Dense("output", shape.Channels, 1)]);
        return new LayeredEnergy(new StateSpace(image.Length, spec.StateUnits(), image), stages, spec.ClassCount());

        // conv2(act(conv1(x))), beside x itself or, where channels change, a 1x1 convolution of it.
        Residual Block(string name, ImageShape input, int channels)
        {
            var conv1 = Convolve($"{name}.conv1", input, channels, 3);
            var conv2 = Convolve($"{name}.conv2", conv1.Output, channels, 3);
            return new Residual(
                new([
                    conv1, .. Classes($"{name}.conv1", conv1), new ActivationLayer(spec.Activation),
                    conv2, .. Classes($"{name}.conv2", conv2)]),
                new(input.Channels == channels ? [] : [Convolve($"{name}.shortcut", input, channels, 1)]));
        }

        Convolution Convolve(string name, ImageShape input, int channels, int kernel) =>
            new(name, input, channels, kernel, padding: kernel / 2, stride: 1, spec.SpectralNorm);

        IEnumerable<IStage> Classes(string name, Convolution convolution) =>
            spec.Classes is { } classes ? [new ClassBias(name, classes, convolution.Output.Channels)] : [];
    }
}
