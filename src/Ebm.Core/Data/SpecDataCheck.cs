using System.Runtime.InteropServices;
using Ebm.Core.Energies;
using Ebm.Core.Spec;
using static TorchSharp.torch;

namespace Ebm.Core.Data;

/// <summary>Whether the data suits the energy: what the two only show together.</summary>
public static class SpecDataCheck
{
    private static readonly ImageShape ConvShape = new(1, 28, 28);

    /// <summary>Checks all parts of the data.</summary>
    /// <exception cref="InputException">It does not; the message says what was found and what is expected.</exception>
    public static void Check(EnergySpec energy, Dataset data)
    {
        switch (energy)
        {
            case ConvSpec:
                CheckImages(data.Train);
                break;
            case ResNetSpec net:
                CheckSides(net, data.Train);
                break;
            case not null when energy.StateUnits() == UnitKind.Binary && data.Binarise == Binarise.None:
                foreach (var part in Enum.GetValues<DataPart>())
                {
                    CheckBinary(energy, data[part], part);
                }

                break;
        }
    }

    private static void CheckImages(DataRows rows)
    {
        if (rows.Features != ConvShape.Length || (rows.Image ?? ConvShape) != ConvShape)
        {
            throw new InputException(
                $"energy: conv takes images of {ConvShape}, and the data has "
                + (rows.Image is { } image ? $"images of {image}" : $"rows of {rows.Features} values")
                + ". Use other data, or energy mlp, which takes rows of any length.");
        }
    }

    private static void CheckSides(ResNetSpec net, DataRows rows)
    {
        var smallest = ResNetEnergy.SmallestSide(net.Channels.Length);
        if (rows.Image is not { } image || image.Height < smallest || image.Width < smallest)
        {
            throw new InputException(
                $"energy: resnet with {net.Channels.Length} stages takes images of at least {smallest}x{smallest}, and the data has "
                + (rows.Image is { } found ? $"images of {found}" : $"rows of {rows.Features} values")
                + ". Use other data, fewer stages (energy.channels), or energy mlp, which takes rows of any length.");
        }
    }

    private static void CheckBinary(EnergySpec energy, DataRows rows, DataPart part)
    {
        TensorChunks.ForEach(rows.Stored, (bytes, first) =>
        {
            var index = rows.Stored.dtype == ScalarType.Byte
                ? FirstNotBinary<byte>(bytes, rows, s => s)
                : FirstNotBinary<float>(MemoryMarshal.Cast<byte, float>(bytes), rows, s => s);
            if (index >= 0)
            {
                throw NotBinary(energy, rows, part, first + index);
            }
        });
    }

    private static int FirstNotBinary<T>(ReadOnlySpan<T> stored, DataRows rows, Func<T, float> real)
    {
        for (var i = 0; i < stored.Length; i++)
        {
            if (((real(stored[i]) * rows.Scale) + rows.Shift) is not (0 or 1))
            {
                return i;
            }
        }

        return -1;
    }

    private static InputException NotBinary(EnergySpec energy, DataRows rows, DataPart part, long index)
    {
        var (row, column) = Math.DivRem(index, rows.Features);
        using var value = rows.Gather([row], CPU)[0, column];
        return new InputException(
            $"energy: {SpecShape.KindOf(energy.GetType())} takes values 0 and 1, and the {part} data has {value.item<float>()} in row {row + 1}, column "
            + $"{column + 1}. Set data.binarise to threshold or sample, or use energy gaussian-rbm.");
    }
}
