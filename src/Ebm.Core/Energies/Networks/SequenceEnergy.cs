using Ebm.Core.Energies.Layers;
using Ebm.Core.Spec;
using Ebm.Core.States;

namespace Ebm.Core.Energies.Networks;

/// <summary>
/// A network on rows of characters: embedded, mixed over the positions by convolutions or attention, and joined to one
/// number through a dense layer.
/// </summary>
internal static class SequenceEnergy
{
    /// <summary>The energy on rows of <paramref name="positions"/> category numbers.</summary>
    public static LayeredEnergy Create(SequenceSpec spec, int positions, int categories)
    {
        List<IStage> layers = [new TokenEmbedding("embedding", positions, categories, spec.Width)];
        for (var i = 1; i <= spec.Depth; i++)
        {
            layers.AddRange(spec.Layers == SequenceLayers.Conv
                ? Convolution(spec, positions, i)
                : Attention(spec, positions, i));
        }

        layers.Add(new ConcatenatePositions(positions, spec.Width));
        layers.Add(new Dense("dense", positions * spec.Width, spec.Width));
        layers.Add(new ActivationLayer(spec.Activation));
        layers.Add(new Dense("output", spec.Width, 1));
        return new LayeredEnergy(new StateSpace(positions, UnitKind.Categorical, null, categories), layers);
    }

    private static IEnumerable<IStage> Convolution(SequenceSpec spec, int positions, int number) =>
    [
        new SequenceConvolution($"conv{number}", positions, spec.Width, spec.Width, spec.Kernel),
        new ActivationLayer(spec.Activation),
    ];

    /// <summary>A transformer's block, its norms before what they feed (Xiong et al. 2020).</summary>
    private static IEnumerable<IStage> Attention(SequenceSpec spec, int positions, int number) =>
    [
        Around(new LayerNorm(), new SelfAttention($"attention{number}", positions, spec.Width, spec.Heads)),
        Around(
            new LayerNorm(),
            new Dense($"widen{number}", spec.Width, 2 * spec.Width),
            new ActivationLayer(spec.Activation),
            new Dense($"narrow{number}", 2 * spec.Width, spec.Width)),
    ];

    private static Residual Around(params IReadOnlyList<IStage> body) => new(new Sequential(body), new Sequential([]));
}
