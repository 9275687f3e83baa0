using Ebm.Configuration.Reading;
using Ebm.Core.Spec;

namespace Ebm.Configuration.Rules;

/// <summary>Rules of a data source, independent of the energy and the sampler.</summary>
internal static class DataRules
{
    /// <summary>All violations.</summary>
    public static IEnumerable<SpecIssue> Check(DataSpec data)
    {
        if (data.Range is not null && data.Binarise != Binarise.None)
        {
            yield return new("data.range",
                "range and binarise exclude each other; binary values are 0 and 1. Remove one of them",
                "data.binarise");
        }

        if (data is GrayDataSpec or ModelDataSpec && data.Range is not null)
        {
            yield return new("data.range", $"{SpecShape.KindOf(data.GetType())} data has no range; remove it",
                "data.kind");
        }

        if (data is GrayDataSpec or ModelDataSpec && data.Binarise != Binarise.None)
        {
            yield return new("data.binarise",
                $"{SpecShape.KindOf(data.GetType())} data is discrete already; remove binarise", "data.kind");
        }

        if (data is GrayDataSpec { Bits: var bits } && bits % 2 == 1)
        {
            yield return new("data.bits", $"expected an even number of bits, half for each coordinate; found {bits}");
        }

        if (TestPath(data) is not null && data.Test > 0)
        {
            yield return new("data.test",
                "test and testPath exclude each other; testPath holds the test rows. Remove one of them",
                "data.testPath");
        }

        if (data is IdxDataSpec { TestLabels: not null, TestPath: null })
        {
            yield return new("data.testLabels", "testLabels needs testPath, the rows of these labels", "data.testPath");
        }

        if (data is CifarDataSpec { Test: > 0 })
        {
            yield return new("data.test", "cifar10 has its own test rows, test_batch.bin; remove test", "data.kind");
        }

        if (data is PngDataSpec { Channels: 2 })
        {
            yield return new("data.channels", "expected 1 (grey) or 3 (colour), found 2");
        }

        if (data is ToyDataSpec { Density: not ToyDensity.Mixture, Features: not 2 } plane)
        {
            yield return new("data.features",
                $"{SpecShape.NameOf(plane.Density)} has 2 features; use density: mixture for more",
                "data.density");
        }

        if (Generated(data) is { } count && (long)data.Validation + data.Test >= count)
        {
            yield return new("data.count",
                $"validation and test hold out {(long)data.Validation + data.Test} of {count} rows; "
                + "expected at least one training row", "data.validation", "data.test");
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
