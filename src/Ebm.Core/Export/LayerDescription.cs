using System.Text.Json.Nodes;
using Ebm.Core.Energies.Layers;
using Ebm.Core.Spec;

namespace Ebm.Core.Export;

/// <summary>
/// Layers in plain terms: a line a kind of layer. <c>examples/python/load_ebm.py</c> computes each by the same name.
/// </summary>
internal static class LayerDescription
{
    /// <summary>Stages, the first to compute first.</summary>
    public static JsonArray Of(IEnumerable<IStage> stages) => [.. stages.Select(Of)];

    /// <summary>A stage: what it does, the prefix of its parameters' names, and its sizes.</summary>
    private static JsonObject Of(IStage stage) => stage switch
    {
        ReshapeToImage image => Plain("image", ("shape", EnergyDescription.Numbers(image.Shape))),
        Flatten => Plain("flatten"),
        ConcatenatePositions join => Plain("join-positions", ("positions", join.Positions)),
        ActivationLayer activate => Plain(SpecShape.NameOf(activate.Activation)),
        AveragePool => Plain("average-pool", ("size", AveragePool.Side)),
        SumPool => Plain("sum-pool"),
        LayerNorm => Plain("layer-norm", ("epsilon", LayerNorm.Smallest)),
        Residual residual =>
            Plain("residual", ("body", Of(residual.Body.Stages)), ("shortcut", Of(residual.Shortcut.Stages))),
        Dense => Weighted("dense", stage),
        Convolution c =>
            Weighted(
                "convolution", stage, ("kernel", c.Parameters[0].Shape[^1]), ("stride", c.Stride),
                ("padding", c.Padding)),
        ClassBias => Weighted("class-bias", stage),
        TokenEmbedding => Weighted("embedding", stage),
        SequenceConvolution c =>
            Weighted("sequence-convolution", stage, ("positions", c.Positions), ("kernel", c.Parameters[0].Shape[1])),
        SelfAttention a => Weighted("self-attention", stage, ("positions", a.Positions), ("heads", a.Heads)),
        _ => throw new InputException(
            $"A layer of kind {stage.GetType().Name} has no description yet; it cannot be exported."),
    };

    private static JsonObject Plain(string kind, params IEnumerable<(string Name, JsonNode Value)> sizes)
    {
        var description = new JsonObject { ["layer"] = kind };
        foreach (var (name, value) in sizes)
        {
            description[name] = value;
        }

        return description;
    }

    /// <summary>A stage with parameters; the first is its weight, after whose prefix the others are named.</summary>
    private static JsonObject Weighted(string kind, IStage stage, params (string Name, JsonNode Value)[] sizes)
    {
        var weight = stage.Parameters[0];
        var prefix = weight.Name[..(stage is SelfAttention
            ? weight.Name.IndexOf(".in.", StringComparison.Ordinal)
            : weight.Name.LastIndexOf('.'))];
        var description = Plain(kind, [("name", prefix), .. sizes]);
        if (weight.IsNormalised)
        {
            description["spectralNorm"] = new JsonObject
            {
                ["iterations"] = SpectralNormalisation.Iterations,
                ["start"] = ExportConstants.StartOf(weight.Name),
            };
        }

        return description;
    }
}
