using Ebm.Core.Energies;
using static TorchSharp.torch;

namespace Ebm.Core.Data;

/// <summary>
/// Training, validation and test rows as a run spec asks for them, before anything random is done to them.
/// Immutable and shared by all lanes of a silo.
/// </summary>
/// <param name="Train">Rows that the positive phase draws from.</param>
/// <param name="Validation">Rows held out by the split; may be empty.</param>
/// <param name="Test">Rows for the final evaluation; may be empty.</param>
/// <param name="Digest">SHA-256 (hex) of the rows and of how they are read: what a run pins.</param>
public sealed record Dataset(DataRows Train, DataRows Validation, DataRows Test, string Digest);

/// <summary>Rows of equal length, kept in the type they were stored in.</summary>
public sealed class DataRows
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

    /// <summary>Shape of a row that is an image.</summary>
    public ImageShape? Image { get; }

    /// <summary>The rows at <paramref name="indices"/> as real values: [indices, features], float32, on <paramref name="device"/>.</summary>
    public Tensor Gather(ReadOnlySpan<long> indices, Device device)
    {
        using var index = tensor(indices.ToArray(), device: CPU);
        using var rows = Stored.index_select(0, index);
        var values = rows.to(ScalarType.Float32).to(device);
        return Scale == 1 && Shift == 0 ? values : values.mul_(Scale).add_(Shift);
    }
}
