using System.Runtime.InteropServices;
using Ebm.Core;
using Ebm.Core.Datasets;
using Ebm.Core.Energies.Networks;
using Ebm.Core.Spec;
using Ebm.Core.States;
using Ebm.Data.Generated;
using static TorchSharp.torch;

namespace Ebm.Data.Loading;

/// <summary>Checks that data and energy fit: rules that need the shape or the values of the data.</summary>
internal static class SpecDataCheck
{
    private static readonly ImageShape ConvShape = new(1, 28, 28);

    /// <summary>Checks all parts of the data.</summary>
    /// <exception cref="InputException">They do not fit; the message has the found and the expected value.</exception>
    public static void Check(EnergySpec energy, Dataset data)
    {
        if (energy.ClassCount() is > 0 and var classes)
        {
            LabelCheck.Check(classes, data);
        }

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
            case PottsSpec potts:
                foreach (var part in Enum.GetValues<DataPart>())
                {
                    CheckCategories(energy, potts.Categories, data[part], part);
                }

                break;
            case AssemblyEnergySpec { Categories: { } categories }:
                foreach (var part in Enum.GetValues<DataPart>())
                {
                    CheckCategories(energy, categories, data[part], part);
                }

                break;
        }

        if (energy is PairwiseSpec { Couplings: { } couplings })
        {
            CouplingsFile.Read(couplings, data.Train.Features, (energy as PottsSpec)?.Categories ?? 1).Dispose();
        }
    }

    private static void CheckImages(DataRows rows)
    {
        if (rows.Features != ConvShape.Length || (rows.Image ?? ConvShape) != ConvShape)
        {
            throw new InputException(
                $"energy: conv needs images of {ConvShape}; the data has "
                + (rows.Image is { } image ? $"images of {image}" : $"rows of {rows.Features} values")
                + ". Use other data, or energy mlp for rows of any length.");
        }
    }

    private static void CheckCategories(EnergySpec energy, int categories, DataRows rows, DataPart part)
    {
        TensorChunks.ForEach(rows.Stored, (bytes, first) =>
        {
            bool IsCategory(float stored) =>
                (stored * rows.Scale) + rows.Shift is var value && value >= 0 && value < categories
                    && value == MathF.Floor(value);
            var index = rows.Stored.dtype == ScalarType.Byte
                ? FirstNot<byte>(bytes, s => IsCategory(s))
                : FirstNot<float>(MemoryMarshal.Cast<byte, float>(bytes), IsCategory);
            if (index >= 0)
            {
                var (row, column) = Math.DivRem(first + index, rows.Features);
                using var value = rows.Gather([row], CPU)[0, column];
                throw new InputException(
                    $"energy: {SpecShape.KindOf(energy.GetType())} needs categories 0 to {categories - 1}; "
                        + $"the {part} data has {value.item<float>()} in row {row + 1}, "
                    + $"column {column + 1}. Set energy.categories, or for uint8 set data.range to [0, 255].");
            }
        });
    }

    private static void CheckSides(ResNetSpec net, DataRows rows)
    {
        var smallest = ResNetEnergy.SmallestSide(net.Channels.Length);
        if (rows.Image is not { } image || image.Height < smallest || image.Width < smallest)
        {
            throw new InputException(
                $"energy: resnet with {net.Channels.Length} stages needs images of at least {smallest}x{smallest}; "
                    + "the data has "
                + (rows.Image is { } found ? $"images of {found}" : $"rows of {rows.Features} values")
                + ". Use other data, fewer stages (energy.channels), or energy mlp for rows of any length.");
        }
    }

    private static void CheckBinary(EnergySpec energy, DataRows rows, DataPart part)
    {
        TensorChunks.ForEach(rows.Stored, (bytes, first) =>
        {
            bool IsBit(float stored) => (stored * rows.Scale) + rows.Shift is 0 or 1;
            var index = rows.Stored.dtype == ScalarType.Byte
                ? FirstNot<byte>(bytes, s => IsBit(s))
                : FirstNot<float>(MemoryMarshal.Cast<byte, float>(bytes), IsBit);
            if (index >= 0)
            {
                throw NotBinary(energy, rows, part, first + index);
            }
        });
    }

    private static int FirstNot<T>(ReadOnlySpan<T> stored, Func<T, bool> holds)
    {
        for (var i = 0; i < stored.Length; i++)
        {
            if (!holds(stored[i]))
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
            $"energy: {SpecShape.KindOf(energy.GetType())} needs values 0 and 1; "
                + $"the {part} data has {value.item<float>()} in row {row + 1}, column "
            + $"{column + 1}. Set data.binarise to threshold or sample, or use energy gaussian-rbm.");
    }
}
