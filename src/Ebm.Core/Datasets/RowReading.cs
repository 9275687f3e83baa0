using Ebm.Core.Spec;
using Ebm.Core.States;
using static TorchSharp.torch;

namespace Ebm.Core.Datasets;

/// <summary>
/// How the stored values of a dataset become the model's: fixed by its training rows, applied to all others.
/// </summary>
/// <param name="Bytes">Whether the training rows were stored as uint8 levels.</param>
/// <param name="Scale">A stored value s stands for s * scale + shift.</param>
/// <param name="Shift">See <paramref name="Scale"/>.</param>
/// <param name="Binarise">How values become 0 or 1.</param>
/// <param name="Cut">With <see cref="Binarise.Threshold"/>: stored values above this become 1.</param>
internal sealed record RowReading(bool Bytes, float Scale, float Shift, Binarise Binarise, double Cut)
{
    private const double Levels = 255;

    /// <summary>How lines of text are rows, where the rows are text.</summary>
    public Alphabet? Alphabet { get; init; }

    /// <summary>How points of the plane are rows of bits, where the rows are.</summary>
    public GrayCode? Plane { get; init; }

    /// <summary>How images in files of their own are read.</summary>
    public PngReading Images { get; init; } = new();

    /// <summary>uint8 scaled to [0, 1]; other values as they are.</summary>
    public static RowReading Plain { get; } = new(true, (float)(1 / Levels), 0, Binarise.None, 0);

    /// <summary>uint8 values as the numbers that they are: bits, and categories.</summary>
    public static RowReading Numbers { get; } = new(true, 1, 0, Binarise.None, 0);

    /// <summary>Text: values are the numbers of categories.</summary>
    public static RowReading Of(Alphabet alphabet) => Numbers with { Alphabet = alphabet };

    /// <summary>Points as bits.</summary>
    public static RowReading Of(GrayCode plane) => Numbers with { Plane = plane };

    /// <summary>
    /// The reading that <paramref name="spec"/> asks for: uint8 levels 0 to 255 are scaled to its range, [0, 1] by
    /// default; other values from their minimum and maximum in the training rows, and only if a range is given.
    /// </summary>
    /// <param name="spec">The data's part of the spec.</param>
    /// <param name="train">The training rows as stored.</param>
    /// <param name="images">How images in files of their own are read.</param>
    /// <exception cref="InputException">The range is not two ascending numbers, or the values have none.</exception>
    public static RowReading Of(DataSpec spec, DataRows train, PngReading images)
    {
        if (spec.Range is { } given && !(given is [var from, var to] && double.IsFinite(to - from) && from < to))
        {
            throw new InputException($"data.range: [{string.Join(", ", given)}]; "
                + "expected two numbers, the smaller first.");
        }

        var bytes = train.Stored.dtype == ScalarType.Byte;
        var (min, max) = bytes ? (0, Levels) : StoredRange(train);
        var (low, high) = spec.Range is [var l, var h] ? (l, h) : bytes ? (0, 1) : (min, max);
        if (min == max && (spec.Range is not null || spec.Binarise == Binarise.Threshold))
        {
            throw new InputException(
                $"data: every training value is {min}; a constant can be neither scaled to a range nor "
                    + "binarised by a threshold.");
        }

        var scale = spec.Range is null && !bytes ? 1 : (high - low) / (max - min);
        var shift = spec.Range is null && !bytes ? 0 : low - (min * scale);
        return new RowReading(bytes, (float)scale, (float)shift, spec.Binarise, min + (spec.Threshold * (max - min)))
        {
            Images = images,
        };
    }

    /// <summary>
    /// Reads rows like the training rows; those given are unscaled. Float rows beside uint8 training rows are taken as
    /// values that were scaled already. A threshold is applied here, for good: the rows are then stored as uint8 0 and
    /// 1.
    /// </summary>
    public DataRows Apply(DataRows rows)
    {
        var scaled = Bytes && rows.Stored.dtype != ScalarType.Byte;
        if (Binarise != Binarise.Threshold)
        {
            return new DataRows(rows.Stored.alias(), scaled ? 1 : Scale, scaled ? 0 : Shift, rows.Labels, rows.Image);
        }

        using var cut = tensor(scaled ? (Cut * Scale) + Shift : Cut, ScalarType.Float32);
        using var above = rows.Stored.gt(cut);
        return new DataRows(above.to(ScalarType.Byte), 1, 0, rows.Labels, rows.Image);
    }

    /// <summary>Smallest and largest stored value.</summary>
    internal static (double Min, double Max) StoredRange(DataRows rows)
    {
        using var min = rows.Stored.min();
        using var max = rows.Stored.max();
        return rows.Stored.dtype == ScalarType.Byte
            ? (min.item<byte>(), max.item<byte>())
            : (min.item<float>(), max.item<float>());
    }
}
