using Ebm.Core;

namespace Ebm.Data.Files;

/// <summary>
/// Refuses NaN and infinity: training takes finite values only, and never replaces others by a number.
/// </summary>
internal static class FiniteCheck
{
    /// <summary>
    /// Checks values of rows of <paramref name="features"/> values; the first of them is element
    /// <paramref name="first"/>.
    /// </summary>
    public static void Check(DataFile file, ReadOnlySpan<float> values, long first, int features, bool allowNaN = false)
    {
        for (var i = 0; i < values.Length; i++)
        {
            if (!float.IsFinite(values[i]) && !(allowNaN && float.IsNaN(values[i])))
            {
                throw CreateError(file, values[i], first + i, features);
            }
        }
    }

    /// <summary>The error for element <paramref name="index"/>.</summary>
    public static InputException CreateError(DataFile file, double value, long index, int features) => file.CreateError(
        $"the value in row {(index / features) + 1}, column {(index % features) + 1} (counted from 1) is "
        + (double.IsFinite(value) ? "beyond the range of float32" : double.IsNaN(value) ? "NaN" : "infinite")
        + "; expected a finite number");
}
