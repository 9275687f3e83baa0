using Ebm.Core;
using Ebm.Core.Datasets;
using Ebm.Core.Randomness;
using Ebm.Core.Spec;
using static TorchSharp.torch;

namespace Ebm.Data.Loading;

/// <summary>Division of rows into training, validation and test rows; each part keeps the order of the file.</summary>
internal sealed record RowSplit(int[] Train, int[] Validation, int[] Test)
{
    /// <summary>
    /// Holds rows out by a keyed shuffle of all rows, and keeps the first of the others, up to the spec's limit.
    /// </summary>
    /// <exception cref="InputException">No training row remains.</exception>
    public static RowSplit Of(DataSpec spec, int rows, RandomKey key)
    {
        var heldOut = (long)spec.Validation + spec.Test;
        if (heldOut >= rows)
        {
            throw new InputException(
                $"data: cannot hold out {spec.Validation} validation and {spec.Test} test rows of {rows}; "
                + "expected at least one training row.");
        }

        var order = heldOut == 0 ? [.. Enumerable.Range(0, rows)] : KeyedRandom.Permutation(key, rows);
        var validation = order[..spec.Validation];
        var test = order[spec.Validation..(int)heldOut];
        var train = order[(int)heldOut..];
        Array.Sort(validation);
        Array.Sort(test);
        Array.Sort(train);
        var kept = spec.Limit > 0 && spec.Limit < train.Length ? train[..spec.Limit] : train;
        return new RowSplit(kept, validation, test);
    }

    /// <summary>A copy of the chosen rows; all rows share the memory instead.</summary>
    public static DataRows Select(DataRows rows, int[] chosen)
    {
        if (chosen.Length == rows.Count)
        {
            return rows.WithLabels(rows.Labels);
        }

        using var index = tensor(Array.ConvertAll(chosen, i => (long)i));
        var labels = rows.Labels is { } all ? Array.ConvertAll(chosen, i => all[i]) : null;
        return new DataRows(rows.Stored.index_select(0, index), rows.Scale, rows.Shift, labels, rows.Image);
    }
}
