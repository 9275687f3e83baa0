using System.Numerics;
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Ebm.Core.Datasets;

/// <summary>What initialisation may know of the data.</summary>
internal static class DatasetStatistics
{
    /// <summary>Mean of each feature of the training rows after scaling, added up in double, row after row.</summary>
    public static DataSummary Of(Dataset data)
    {
        var rows = data.Train;
        var sums = new double[rows.Features];
        var column = 0;
        TensorChunks.ForEach(rows.Stored, (bytes, _) => column = rows.Stored.dtype == ScalarType.Byte
            ? Add<byte>(sums, column, bytes)
            : Add<float>(sums, column, MemoryMarshal.Cast<byte, float>(bytes)));
        return new DataSummary(Array.ConvertAll(sums, sum => (float)((sum / rows.Count * rows.Scale) + rows.Shift)));
    }

    /// <summary>How often each unit of the training rows has each category, [features, categories].</summary>
    public static int[,] Counts(Dataset data, int categories)
    {
        var rows = data.Train;
        var counts = new int[rows.Features, categories];
        var column = 0;
        TensorChunks.ForEach(rows.Stored, (bytes, _) => column = rows.Stored.dtype == ScalarType.Byte
            ? Add<byte>(counts, column, bytes)
            : Add<float>(counts, column, MemoryMarshal.Cast<byte, float>(bytes)));
        return counts;
    }

    private static int Add<T>(int[,] counts, int column, ReadOnlySpan<T> values)
        where T : unmanaged, INumber<T>
    {
        foreach (var value in values)
        {
            counts[column, int.CreateChecked(value)]++;
            column = column + 1 == counts.GetLength(0) ? 0 : column + 1;
        }

        return column;
    }

    private static int Add<T>(double[] sums, int column, ReadOnlySpan<T> values)
        where T : unmanaged, INumber<T>
    {
        foreach (var value in values)
        {
            sums[column] += double.CreateChecked(value);
            column = column + 1 == sums.Length ? 0 : column + 1;
        }

        return column;
    }
}
