using Ebm.Core.Datasets;
using Ebm.Core.Energies.Bases;
using Ebm.Core.States;
using Ebm.Core.Tests.Datasets;
using static TorchSharp.torch;

namespace Ebm.Core.Tests.Energies.Bases;

/// <summary>Every base on rows that can be enumerated.</summary>
internal static class BaseCases
{
    public const int Length = 4;

    public static string[] Lines { get; } = ["abab", "aab", "b", "abb", "ba", "ba", "aaab", "bbab", "a", "abab"];

    public static TheoryData<string> All => ["binary-mean", "text-mean", "ngram-2", "ngram-3", "ngram-6"];

    public static IBaseDistribution Create(string name) => name.Split('-') switch
    {
        ["binary", _] => Binary(),
        ["text", _] => DataMeanBase.Fit(Space, Text()),
        [_, var order] => NgramBase.Fit(Space, Text(), int.Parse(order)),
        _ => throw new ArgumentException(name),
    };

    public static StateSpace Space { get; } = new(Length, UnitKind.Categorical, null, 3);

    public static Dataset Text() => SmallDatasets.OfText("ab", Length, Lines);

    /// <summary>Every state, float64.</summary>
    public static Tensor States(StateSpace space)
    {
        var values = space.Units == UnitKind.Binary ? 2 : space.Categories;
        var codes = arange((long)Math.Pow(values, space.Features)).unsqueeze(1);
        var places = tensor([.. Enumerable.Range(0, space.Features)
            .Select(i => (long)Math.Pow(values, space.Features - 1 - i))]);
        return codes.floor_divide(places).remainder(values).to_type(ScalarType.Float64);
    }

    private static DataMeanBase Binary() => DataMeanBase.Fit(
        new StateSpace(5, UnitKind.Binary),
        SmallDatasets.OfValues(new float[,] { { 1, 0, 0, 1, 1 }, { 1, 0, 1, 0, 1 }, { 1, 0, 0, 0, 1 } }));
}
