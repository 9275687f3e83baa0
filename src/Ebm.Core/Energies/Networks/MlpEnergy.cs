using Ebm.Core.Energies.Layers;
using Ebm.Core.Spec;
using Ebm.Core.States;

namespace Ebm.Core.Energies.Networks;

/// <summary>A fully connected network with one output: <c>dense1</c>, <c>dense2</c>, ..., <c>output</c>.</summary>
internal static class MlpEnergy
{
    /// <summary>The energy on rows of <paramref name="features"/> numbers of the spec's kind.</summary>
    public static LayeredEnergy Create(MlpSpec spec, int features, ImageShape? image = null)
    {
        var layers = new List<ILayer>();
        var width = features;
        foreach (var (next, i) in spec.Hidden.Select((width, i) => (width, i)))
        {
            layers.Add(new Dense($"dense{i + 1}", width, next));
            if (spec.Classes is { } classes)
            {
                layers.Add(new ClassBias($"dense{i + 1}", classes, next));
            }

            layers.Add(new ActivationLayer(spec.Activation));
            width = next;
        }

        layers.Add(new Dense("output", width, 1));
        return new LayeredEnergy(new StateSpace(features, spec.StateUnits(), image), layers, spec.ClassCount());
    }
}
