using System.Text.Json.Nodes;
using Ebm.Core.Energies;
using Ebm.Core.Energies.Bases;
using Ebm.Core.Energies.Networks;
using Ebm.Core.Energies.TorchScript;
using Ebm.Core.Spec;
using Ebm.Core.States;

namespace Ebm.Core.Export;

/// <summary>
/// Energies in plain terms: a line a kind. <c>examples/python/load_ebm.py</c> has a builder for each kind by the same
/// name.
/// </summary>
internal static class EnergyDescription
{
    private static readonly Dictionary<Type, Func<EnergySpec, IEnergy, JsonObject>> Writers = new()
    {
        [typeof(RbmSpec)] = (spec, _) => Rbm((RbmSpec)spec),
        [typeof(GaussianRbmSpec)] = (spec, _) => GaussianRbm((GaussianRbmSpec)spec),
        [typeof(IsingSpec)] = (spec, _) => Pairwise((PairwiseSpec)spec, "z_i = 2 x_i - 1"),
        [typeof(PottsSpec)] = (spec, _) => Pairwise((PairwiseSpec)spec, "z_i = one-hot vector of x_i"),
        [typeof(MlpSpec)] = (_, energy) => Layers((LayeredEnergy)energy),
        [typeof(ConvSpec)] = (_, energy) => Layers((LayeredEnergy)energy),
        [typeof(ResNetSpec)] = (_, energy) => Layers((LayeredEnergy)energy),
        [typeof(SequenceSpec)] = (_, energy) => Layers((LayeredEnergy)energy),
        [typeof(TorchScriptSpec)] = (_, energy) => TorchScript((ScriptEnergy)energy),
    };

    /// <summary>The kinds that can be described.</summary>
    public static IReadOnlyCollection<Type> Kinds => Writers.Keys;

    /// <summary>An energy: its kind, and all that its value depends on besides parameters and states.</summary>
    public static JsonObject Of(EnergySpec spec, IEnergy energy)
    {
        var based = energy as EnergyOverBase;
        var description = Writers[spec.GetType()](spec, based?.Network ?? energy);
        description.Insert(0, "kind", SpecShape.KindOf(spec.GetType()));
        if (energy.Classes > 0)
        {
            description["classes"] = energy.Classes;
        }

        if (based is not null)
        {
            description["base"] = Of(based.Base);
        }

        return description;
    }

    /// <summary>The states that an energy is defined on; images are stored channel by channel, row by row.</summary>
    public static JsonObject Of(StateSpace space) => new()
    {
        ["units"] = SpecShape.NameOf(space.Units),
        ["features"] = space.Features,
        ["image"] = space.Image is { } image ? Numbers(image) : null,
        ["categories"] = space.Units == UnitKind.Categorical ? space.Categories : null,
    };

    internal static JsonArray Numbers(ImageShape image) => Numbers(image.Channels, image.Height, image.Width);

    internal static JsonArray Numbers(params IEnumerable<long> numbers) => [.. numbers.Select(n => (JsonNode)n)];

    /// <summary>What is subtracted: log p of a fixed distribution, by its table among the constants.</summary>
    private static JsonObject Of(IBaseDistribution fixedBase) => fixedBase is NgramBase ngram
        ? new()
        {
            ["kind"] = "ngram",
            ["formula"] = "E(x) - log p(x); log p = sum_i table[(i, x_(i-n+1), ..., x_(i-1)), x_i], where x before a "
                + "row is the last category",
            ["order"] = ngram.Order,
            ["table"] = ExportConstants.BaseTable,
        }
        : new()
        {
            ["kind"] = "data-mean",
            ["formula"] = "E(x) - log p(x); log p = sum_i table[i, x_i]",
            ["table"] = ExportConstants.BaseTable,
        };

    private static JsonObject Rbm(RbmSpec spec) => new()
    {
        ["formula"] = "E(v) = -v.b - sum_j softplus(c_j + (v W)_j), W = weight [visible, hidden], b = "
            + "visible.bias, c = hidden.bias" + OfClasses(spec),
        ["hidden"] = spec.Hidden,
    };

    private static string OfClasses(EnergySpec spec) =>
        spec.ClassCount() == 0
            ? ""
            : "; for class y, row y of visible.classes is added to b and row y of hidden.classes to c";

    private static JsonObject GaussianRbm(GaussianRbmSpec spec) => new()
    {
        ["formula"] = "E(v) = |v - b|^2 / (2 sigma^2) - sum_j softplus(c_j + (v W)_j / sigma^2), "
            + "W = weight [visible, hidden], b = visible.bias, c = hidden.bias" + OfClasses(spec),
        ["hidden"] = spec.Hidden,
        ["sigma"] = spec.Sigma,
    };

    private static JsonObject Pairwise(PairwiseSpec spec, string encoding) => new()
    {
        ["formula"] = $"E(x) = - sum_pairs z_i J_ij z_j - sum_i h_i z_i, each pair once; {encoding}; h = field; "
            + (spec.Lattice is null
            ? "J = couplings, the part right of the diagonal (of the diagonal blocks, for one-hot vectors), row by row"
            : "couplings.right[r, c] is between units (r, c) and (r, c + 1), couplings.down[r, c] "
                + "between (r, c) and (r + 1, c)"),
        ["lattice"] = spec.Lattice is { } sides ? Numbers(sides.Select(side => (long)side)) : null,
        ["boundary"] = spec.Lattice is null ? null : SpecShape.NameOf(spec.Boundary),
    };

    private static JsonObject Layers(LayeredEnergy energy) => new()
    {
        ["formula"] = "E(x) = the one output of the layers, one after the other",
        ["layers"] = LayerDescription.Of(energy.Stages),
    };

    private static JsonObject TorchScript(ScriptEnergy energy) => new()
    {
        ["formula"] = "E(x) = what the module returns for a row of this shape; the parameters by name are in it, too",
        ["module"] = ModelExport.ModuleFile,
        ["row"] = Numbers(energy.RowShape),
    };
}
