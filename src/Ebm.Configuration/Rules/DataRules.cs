using Ebm.Configuration.Reading;
using Ebm.Core.Spec;

namespace Ebm.Configuration.Rules;

/// <summary>What must hold of where rows come from, whatever is done with them.</summary>
internal static class DataRules
{
    /// <summary>All rules that it breaks.</summary>
    public static IEnumerable<SpecIssue> Check(DataSpec data)
    {
        if (data.Range is not null && data.Binarise != Binarise.None)
        {
            yield return new(
                "data.range", "excludes binarise: binary values are 0 and 1; leave one of them out", "data.binarise");
        }

        if (data is GrayDataSpec or ModelDataSpec && data.Range is not null)
        {
            yield return new(
                "data.range", $"{SpecShape.KindOf(data.GetType())} data has no range; leave it out", "data.kind");
        }

        if (data is GrayDataSpec or ModelDataSpec && data.Binarise != Binarise.None)
        {
            yield return new(
                "data.binarise", $"{SpecShape.KindOf(data.GetType())} data is discrete as it is; leave it out",
                "data.kind");
        }

        if (data is GrayDataSpec { Bits: var bits } && bits % 2 == 1)
        {
            yield return new("data.bits", $"expected an even number, half for each coordinate; found {bits}");
        }

        if (TestPath(data) is not null && data.Test > 0)
        {
            yield return new(
                "data.test", "excludes testPath: the test rows come from that file; leave one of them out",
                "data.testPath");
        }

        if (data is IdxDataSpec { TestLabels: not null, TestPath: null })
        {
            yield return new("data.testLabels", "labels without rows; write testPath too", "data.testPath");
        }

        if (data is CifarDataSpec { Test: > 0 })
        {
            yield return new(
                "data.test", "cifar10 has test rows of its own, test_batch.bin; leave it out", "data.kind");
        }

        if (data is PngDataSpec { Channels: 2 })
        {
            yield return new("data.channels", "expected 1 (grey values) or 3 (colours), found 2");
        }

        if (data is ToyDataSpec { Density: not ToyDensity.Mixture, Features: not 2 } plane)
        {
            yield return new(
                "data.features", $"{SpecShape.NameOf(plane.Density)} has 2 features; only density: mixture has more",
                "data.density");
        }

        if (Generated(data) is { } count && (long)data.Validation + data.Test >= count)
        {
            yield return new("data.count", $"{count} rows, of which validation and test hold out "
                + $"{(long)data.Validation + data.Test}: none is left to train on", "data.validation", "data.test");
        }
    }

    private static int? Generated(DataSpec data) => data switch
    {
        ToyDataSpec toy => toy.Count,
        GrayDataSpec gray => gray.Count,
        ModelDataSpec model => model.Count,
        _ => null,
    };

    private static string? TestPath(DataSpec data) => data switch
    {
        IdxDataSpec idx => idx.TestPath,
        NpyDataSpec npy => npy.TestPath,
        CsvDataSpec csv => csv.TestPath,
        PngDataSpec png => png.TestPath,
        TextDataSpec text => text.TestPath,
        _ => null,
    };
}
