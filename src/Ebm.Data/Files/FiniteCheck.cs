using Ebm.Core;

namespace Ebm.Data.Files;

/// <summary>
/// Refuses NaN and infinity: nothing that is not finite enters training, and none is replaced by a number.
/// </summary>
internal static class FiniteCheck
{
    /// <summary>
    /// Checks values from element <paramref name="first"/> on of rows of <paramref name="features"/> values.
    /// </summary>
    public static void Check(DataFile file, ReadOnlySpan<float> values, long first, int features, bool allowNaN = false)
    {
        for (var i = 0; i < values.Length; i++)
        {
            if (!float.IsFinite(values[i]) && !(allowNaN && float.IsNaN(values[i])))
            {
                throw Error(file, values[i], first + i, features);
            }
        }
    }

    /// <summary>The error for element <paramref name="index"/>.</summary>
    public static InputException Error(DataFile file, double value, long index, int features) => file.Error(
        $"the value in row {(index / features) + 1}, column {(index % features) + 1} (counted from 1) is "
        + (double.IsFinite(value) ? "beyond the range of float32" : double.IsNaN(value) ? "NaN" : "infinite")
        + "; expected a finite number");
}
