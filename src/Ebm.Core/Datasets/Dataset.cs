using Ebm.Core.Native;
using Ebm.Core.Spec;
using Ebm.Core.States;
using static TorchSharp.torch;

namespace Ebm.Core.Datasets;

/// <summary>
/// Training, validation and test rows as a run spec asks for them, before anything random is done to them.
/// Immutable and shared by all lanes of a silo.
/// </summary>
/// <param name="Train">Rows that the positive phase draws from.</param>
/// <param name="Validation">Rows held out by the split; may be empty.</param>
/// <param name="Test">Rows for the final evaluation; may be empty.</param>
/// <param name="Digest">SHA-256 (hex) of the rows and their reading; a run pins it.</param>
public sealed record Dataset(DataRows Train, DataRows Validation, DataRows Test, string Digest)
{
    /// <summary>
    /// How stored values became the model's; other files (to score, to clamp) are read in the same way.
    /// </summary>
    internal RowReading Reading { get; init; } = RowReading.Plain;

    /// <summary>
    /// How values become 0 or 1: <see cref="Binarise.Threshold"/> was done, <see cref="Binarise.Sample"/> is left to
    /// each use.
    /// </summary>
    internal Binarise Binarise => Reading.Binarise;

    /// <summary>How lines of text are rows, where the rows are text.</summary>
    internal Alphabet? Alphabet => Reading.Alphabet;

    /// <summary>How points of the plane are rows of bits, where the rows are.</summary>
    internal GrayCode? Plane => Reading.Plane;

    /// <summary>The distribution that the rows were drawn from, where it is known.</summary>
    internal KnownDistribution? Origin { get; init; }

    /// <summary>
    /// A dataset of rows in memory, [rows, features]: real numbers, 0 and 1, or category numbers, as the energy needs.
    /// Copies the rows. Its digest is empty.
    /// </summary>
    /// <param name="train">Rows to learn from.</param>
    /// <param name="test">Rows for evaluation; none by default.</param>
    public static Dataset FromRows(float[,] train, float[,]? test = null)
    {
        TorchLibrary.EnsureLoaded();
        return new Dataset(
            Rows(train), Rows(new float[0, train.GetLength(1)]), Rows(test ?? new float[0, train.GetLength(1)]), "");

        static DataRows Rows(float[,] values) => new(tensor(values), scale: 1, shift: 0, labels: null, image: null);
    }

    /// <summary>One of the three parts.</summary>
    public DataRows this[DataPart part] => part switch
    {
        DataPart.Train => Train,
        DataPart.Validation => Validation,
        _ => Test,
    };
}

/// <summary>Rows of equal length, kept in the type they were stored in.</summary>
public sealed class DataRows : IDisposable
{
    /// <summary>Takes ownership of <paramref name="stored"/>, [rows, features], uint8 or float32, on the CPU.</summary>
    /// <param name="stored">The rows.</param>
    /// <param name="scale">A stored value s stands for s * scale + shift.</param>
    /// <param name="shift">See <paramref name="scale"/>.</param>
    /// <param name="labels">A class for each row, or null.</param>
    /// <param name="image">Their shape, where rows are images.</param>
    public DataRows(Tensor stored, float scale, float shift, int[]? labels, ImageShape? image)
    {
        Stored = stored.DetachFromDisposeScope();
        Count = (int)stored.shape[0];
        Features = (int)stored.shape[1];
        (Scale, Shift, Labels, Image) = (scale, shift, labels, image);
    }

    /// <summary>[rows, features], uint8 or float32.</summary>
    public Tensor Stored { get; }

    /// <summary>Number of rows.</summary>
    public int Count { get; }

    /// <summary>Numbers in a row.</summary>
    public int Features { get; }

    /// <summary>Factor from a stored to a real value.</summary>
    public float Scale { get; }

    /// <summary>Summand from a stored to a real value.</summary>
    public float Shift { get; }

    /// <summary>A class for each row, or null.</summary>
    public int[]? Labels { get; }

    /// <summary>The labels of rows [first, first + count); none where rows have no labels.</summary>
    public ReadOnlySpan<int> LabelsOf(int first, int count) => Labels is null ? [] : Labels.AsSpan(first, count);

    /// <summary>Shape of a row that is an image.</summary>
    public ImageShape? Image { get; }

    /// <summary>The same rows, sharing memory, with a class for each.</summary>
    public DataRows WithLabels(int[]? labels) => new(Stored.alias(), Scale, Shift, labels, Image);

    /// <summary>
    /// The rows at <paramref name="indices"/> as real values: [indices, features], float32, on
    /// <paramref name="device"/>.
    /// </summary>
    public Tensor Gather(ReadOnlySpan<long> indices, Device device)
    {
        using var index = tensor(indices.ToArray(), device: CPU);
        using var rows = Stored.index_select(0, index);

        // The narrow type crosses to the device. `to` gives back its argument itself where there is nothing to do.
        using var moved = rows.to(device, copy: true);
        var values = moved.to(ScalarType.Float32, copy: true);
        if (Scale != 1 || Shift != 0)
        {
            using Scalar scale = Scale, shift = Shift;
            values.mul_(scale).Increase(shift);
        }

        return values;
    }

    /// <summary>
    /// Frees the rows at once; the rows of a dataset live as long as anyone may use it, and go with it.
    /// </summary>
    public void Dispose() => Stored.Dispose();
}
