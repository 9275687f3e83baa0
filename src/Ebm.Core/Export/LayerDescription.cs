using System.Text.Json.Nodes;
using Ebm.Core.Energies.Layers;
using Ebm.Core.Spec;

namespace Ebm.Core.Export;

/// <summary>Layers in plain terms: a line a kind of layer. <c>examples/python/load_ebm.py</c> computes each by the same name.</summary>
internal static class LayerDescription
{
    /// <summary>A layer: what it does, the prefix of its parameters' names, its sizes.</summary>
    public static JsonObject Of(ILayer layer) => layer switch
    {
        AsImage image => new() { ["layer"] = "image", ["shape"] = EnergyDescription.Numbers(image.Shape.Channels, image.Shape.Height, image.Shape.Width) },
        Flatten => new() { ["layer"] = "flatten" },
        Activate activate => new() { ["layer"] = SpecShape.NameOf(activate.Activation) },
        Dense => Weighted("dense", layer),
        Convolution convolution => Convolved(convolution),
        _ => throw new InputException($"A layer of kind {layer.GetType().Name} has no description yet; it cannot be exported."),
    };

    private static JsonObject Convolved(Convolution convolution)
    {
        var description = Weighted("convolution", convolution);
        description["kernel"] = convolution.Parameters[0].Shape[^1];
        description["stride"] = Convolution.Stride;
        description["padding"] = convolution.Padding;
        return description;
    }

    /// <summary>A layer with a weight [outputs, inputs, ...] and a bias.</summary>
    private static JsonObject Weighted(string kind, ILayer layer)
    {
        var weight = layer.Parameters[0];
        return new JsonObject
        {
            ["layer"] = kind,
            ["name"] = weight.Name[..weight.Name.LastIndexOf('.')],
            ["inputs"] = weight.Shape[1],
            ["outputs"] = weight.Shape[0],
        };
    }
}
