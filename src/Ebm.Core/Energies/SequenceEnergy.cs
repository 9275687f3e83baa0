using Ebm.Core.Energies.Layers;
using Ebm.Core.Spec;

namespace Ebm.Core.Energies;

/// <summary>
/// A network on rows of characters: embedded, mixed over the positions by convolutions or attention, and joined to one number
/// through a dense layer.
/// </summary>
public static class SequenceEnergy
{
    /// <summary>The energy on rows of <paramref name="positions"/> category numbers.</summary>
    public static LayeredEnergy Create(SequenceSpec spec, int positions, int categories)
    {
        List<ILayer> layers = [new TokenEmbedding("embedding", positions, categories, spec.Width)];
        for (var i = 1; i <= spec.Depth; i++)
        {
            layers.Add(new SequenceConvolution($"conv{i}", positions, spec.Width, spec.Width, spec.Kernel));
            layers.Add(new Activate(spec.Activation));
        }

        layers.Add(new JoinPositions(positions, spec.Width));
        layers.Add(new Dense("dense", positions * spec.Width, spec.Width));
        layers.Add(new Activate(spec.Activation));
        layers.Add(new Dense("output", spec.Width, 1));
        return new LayeredEnergy(new StateSpace(positions, UnitKind.Categorical, null, categories), layers);
    }
}
