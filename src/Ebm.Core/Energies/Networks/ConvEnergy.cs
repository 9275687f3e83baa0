using Ebm.Core.Energies.Layers;
using Ebm.Core.Spec;
using Ebm.Core.States;

namespace Ebm.Core.Energies.Networks;

/// <summary>
/// The network of the UvA deep-energy tutorial (Lippe, tutorial 8): four stride-2 convolutions and two dense layers, a
/// nonlinearity after each but the last. The tutorial's network outputs -E; here the output is E itself.
/// </summary>
internal static class ConvEnergy
{
    /// <summary>
    /// The energy on images; with 28x28 and 32 features it has 16, 32, 64, 64 channels and 64 dense units.
    /// </summary>
    public static LayeredEnergy Create(ConvSpec spec, ImageShape image)
    {
        List<ILayer> layers = [new ReshapeToImage(image)];
        var shape = image;
        (int Channels, int Kernel, int Padding)[] convolutions =
        [
            (spec.Features / 2, 5, 4), (spec.Features, 3, 1), (2 * spec.Features, 3, 1), (2 * spec.Features, 3, 1),
        ];
        for (var i = 0; i < convolutions.Length; i++)
        {
            var (channels, kernel, padding) = convolutions[i];
            var convolution = new Convolution($"conv{i + 1}", shape, channels, kernel, padding);
            layers.Add(convolution);
            AddClasses($"conv{i + 1}", channels);
            layers.Add(new ActivationLayer(spec.Activation));
            shape = convolution.Output;
        }

        layers.Add(new Flatten(shape));
        layers.Add(new Dense("dense", shape.Length, 2 * spec.Features));
        AddClasses("dense", 2 * spec.Features);
        layers.Add(new ActivationLayer(spec.Activation));
        layers.Add(new Dense("output", 2 * spec.Features, 1));
        return new LayeredEnergy(new StateSpace(image.Length, spec.StateUnits(), image), layers, spec.ClassCount());

        void AddClasses(string name, int channels)
        {
            if (spec.Classes is { } classes)
            {
                layers.Add(new ClassBias(name, classes, channels));
            }
        }
    }
}
