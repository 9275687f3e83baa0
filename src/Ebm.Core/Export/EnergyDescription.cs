using System.Text.Json.Nodes;
using Ebm.Core.Energies;
using Ebm.Core.Energies.TorchScript;
using Ebm.Core.Spec;

namespace Ebm.Core.Export;

/// <summary>
/// Energies in plain terms: a line a kind. <c>examples/python/load_ebm.py</c> has a builder for each kind by the same name.
/// </summary>
public static class EnergyDescription
{
    private static readonly Dictionary<Type, Func<EnergySpec, IEnergy, JsonObject>> Writers = new()
    {
        [typeof(RbmSpec)] = (spec, _) => Rbm((RbmSpec)spec),
        [typeof(GaussianRbmSpec)] = (spec, _) => GaussianRbm((GaussianRbmSpec)spec),
        [typeof(MlpSpec)] = (_, energy) => Layers((LayeredEnergy)energy),
        [typeof(ConvSpec)] = (_, energy) => Layers((LayeredEnergy)energy),
        [typeof(TorchScriptSpec)] = (_, energy) => TorchScript((ScriptEnergy)energy),
    };

    /// <summary>The kinds that can be described.</summary>
    public static IReadOnlyCollection<Type> Kinds => Writers.Keys;

    /// <summary>An energy: its kind, and all that its value depends on besides parameters and states.</summary>
    public static JsonObject Of(EnergySpec spec, IEnergy energy)
    {
        var description = Writers[spec.GetType()](spec, energy);
        description.Insert(0, "kind", SpecShape.KindOf(spec.GetType()));
        return description;
    }

    /// <summary>The states that an energy is defined on; images are stored channel by channel, row by row.</summary>
    public static JsonObject Of(StateSpace space) => new()
    {
        ["units"] = SpecShape.NameOf(space.Units),
        ["features"] = space.Features,
        ["image"] = space.Image is { } image ? Numbers(image.Channels, image.Height, image.Width) : null,
        ["categories"] = space.Units == UnitKind.Categorical ? space.Categories : null,
    };

    internal static JsonArray Numbers(params IEnumerable<long> numbers) => [.. numbers.Select(n => (JsonNode)n)];

    private static JsonObject Rbm(RbmSpec spec) => new()
    {
        ["formula"] = "E(v) = -v.b - sum_j softplus(c_j + (v W)_j), W = weight [visible, hidden], b = visible.bias, c = hidden.bias",
        ["hidden"] = spec.Hidden,
    };

    private static JsonObject GaussianRbm(GaussianRbmSpec spec) => new()
    {
        ["formula"] = "E(v) = |v - b|^2 / (2 sigma^2) - sum_j softplus(c_j + (v W)_j / sigma^2), "
            + "W = weight [visible, hidden], b = visible.bias, c = hidden.bias",
        ["hidden"] = spec.Hidden,
        ["sigma"] = spec.Sigma,
    };

    private static JsonObject Layers(LayeredEnergy energy) => new()
    {
        ["formula"] = "E(x) = the one output of the layers, one after the other",
        ["layers"] = new JsonArray([.. energy.Layers.Select(LayerDescription.Of)]),
    };

    private static JsonObject TorchScript(ScriptEnergy energy) => new()
    {
        ["formula"] = "E(x) = what the module returns for a row of this shape; the parameters by name are in it, too",
        ["module"] = ModelExport.ModuleFile,
        ["row"] = Numbers(energy.RowShape),
    };
}
