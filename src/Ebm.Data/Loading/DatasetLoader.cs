using Ebm.Core;
using Ebm.Core.Datasets;
using Ebm.Core.Randomness;
using Ebm.Core.Spec;
using Ebm.Core.States;
using Ebm.Data.Arrays;
using Ebm.Data.Files;
using Ebm.Data.Generated;
using Ebm.Data.Images;
using Ebm.Data.Text;

namespace Ebm.Data.Loading;

/// <summary>Makes a dataset from a spec: read, check, split, scale, binarise, digest.</summary>
public static class DatasetLoader
{
    /// <summary>Loads the data of a run. A function of the spec, the seed and the files' content.</summary>
    /// <param name="spec">The data's source.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="limit">Most bytes of the rows of one file, or of the generated rows.</param>
    /// <exception cref="InputException">A file or a setting is not valid; the message names it.</exception>
    public static Dataset Load(DataSpec spec, ulong seed, long limit = DataFile.DefaultLimit)
    {
        var alphabet = spec is TextDataSpec text ? TextFile.AlphabetOf(text) : null;
        var (rows, testFile) = ReadFiles(spec, seed, alphabet, limit);
        using (rows)
        using (testFile)
        {
            CheckAgreement(spec, rows, testFile);
            return Split(spec, seed, rows, testFile, alphabet);
        }
    }

    private static Dataset Split(DataSpec spec, ulong seed, DataRows rows, DataRows? testFile, Alphabet? alphabet)
    {
        var split = RowSplit.Of(spec, rows.Count, RandomKey.Derive(seed, Purpose.Split, 0, 0));
        using var train = RowSplit.Select(rows, split.Train);
        using var validation = RowSplit.Select(rows, split.Validation);
        using var test = testFile ?? RowSplit.Select(rows, split.Test);
        var reading = spec switch
        {
            TextDataSpec => RowReading.Of(alphabet!),
            GrayDataSpec gray => RowReading.Of(GrayData.CodeOf(gray)),
            ModelDataSpec => RowReading.Numbers,
            _ => RowReading.Of(spec, train, ImagesOf(spec, train)),
        };
        var data = new Dataset(reading.Apply(train), reading.Apply(validation), reading.Apply(test), Digest: "")
        {
            Reading = reading,
            Origin = OriginOf(spec),
        };
        if (spec.Binarise == Binarise.Sample)
        {
            CheckProbabilities(data);
        }

        return data with { Digest = DatasetDigest.Of(data) };
    }

    private static PngReading ImagesOf(DataSpec spec, DataRows train) => spec is PngDataSpec png
        ? new PngReading(png.Channels, png.Size, train.Image, PngFolder.Classes(png.Path))
        : new PngReading(train.Image?.Channels, null, train.Image);

    private static KnownDistribution? OriginOf(DataSpec spec) => spec switch
    {
        GrayDataSpec gray => new KnownDistribution(Entropy: () => GrayData.Entropy(gray)),
        ModelDataSpec model => new KnownDistribution(Couplings: () => ModelData.Couplings(model)),
        _ => null,
    };

    private static (DataRows Rows, DataRows? Test) ReadFiles(
        DataSpec spec, ulong seed, Alphabet? alphabet, long limit) => spec switch
    {
        IdxDataSpec { TestPath: null, TestLabels: { } labels } =>
            throw new InputException($"data.testLabels: {labels} needs data.testPath, the rows of these labels."),
        IdxDataSpec idx => (
            ReadIdx(idx.Path, idx.Labels, limit),
            idx.TestPath is null ? null : ReadIdx(idx.TestPath, idx.TestLabels, limit)),
        NpyDataSpec npy => (
            NpyFile.Read(npy.Path, limit), npy.TestPath is null ? null : NpyFile.Read(npy.TestPath, limit)),
        CsvDataSpec csv => (
            CsvFile.Read(csv.Path, csv.LabelColumn, limit),
            csv.TestPath is null ? null : CsvFile.Read(csv.TestPath, csv.LabelColumn, limit)),
        CifarDataSpec cifar => CifarFile.ReadFolder(cifar.Path, limit),
        PngDataSpec png => ReadPng(png, limit),
        ToyDataSpec toy => (ToyData.Generate(toy, RandomKey.Derive(seed, Purpose.Toy, 0, 0), limit), null),
        ModelDataSpec model => (ModelData.Generate(model, seed, limit), null),
        GrayDataSpec gray => (GrayData.Generate(gray, RandomKey.Derive(seed, Purpose.Toy, 0, 0), limit), null),
        TextDataSpec text => (
            TextFile.Read(text.Path, alphabet!, limit),
            text.TestPath is null ? null : TextFile.Read(text.TestPath, alphabet!, limit)),
        _ => throw new ArgumentException($"Unknown kind of data: {spec.GetType().Name}.", nameof(spec)),
    };

    private static DataRows ReadIdx(string path, string? labels, long limit)
    {
        var rows = IdxFile.Read(path, limit);
        if (labels is null)
        {
            return rows;
        }

        using (rows)
        {
            return rows.WithLabels(IdxFile.ReadLabels(labels, rows.Count, limit));
        }
    }

    private static (DataRows Rows, DataRows? Test) ReadPng(PngDataSpec png, long limit)
    {
        var reading = new PngReading(png.Channels, png.Size, Classes: PngFolder.Classes(png.Path));
        var rows = PngFolder.Read(png.Path, reading, limit);
        return (rows, png.TestPath is null
            ? null
            : PngFolder.Read(png.TestPath, reading with { Shape = rows.Image }, limit));
    }

    private static void CheckAgreement(DataSpec spec, DataRows rows, DataRows? test)
    {
        if (test is null)
        {
            return;
        }

        if (spec.Test > 0)
        {
            throw new InputException($"data.test: cannot hold out {spec.Test} rows beside a test file; "
                + "remove data.test or data.testPath.");
        }

        if (test.Features != rows.Features)
        {
            throw new InputException(
                $"data: the test rows have {test.Features} values each; "
                    + $"expected {rows.Features}, as in the training rows.");
        }

        if (test.Stored.dtype != rows.Stored.dtype)
        {
            throw new InputException(
                $"data: the test values are stored as {test.Stored.dtype}; "
                    + $"expected {rows.Stored.dtype}, as for the training values.");
        }
    }

    private static void CheckProbabilities(Dataset data)
    {
        foreach (var part in Enum.GetValues<DataPart>())
        {
            var rows = data[part];
            if (rows.Count == 0)
            {
                continue;
            }

            var (min, max) = RowReading.StoredRange(rows);
            var (low, high) = (((float)min * rows.Scale) + rows.Shift, ((float)max * rows.Scale) + rows.Shift);
            if (low < 0 || high > 1)
            {
                throw new InputException(
                    $"data.binarise: sample needs probabilities; the {part} values are from {low} to {high}. "
                    + "Set data.range to [0, 1].");
            }
        }
    }
}
