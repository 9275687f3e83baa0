using Ebm.Core;
using Ebm.Core.Datasets;
using Ebm.Core.Randomness;
using Ebm.Core.Spec;
using static TorchSharp.torch;

namespace Ebm.Data.Loading;

/// <summary>Which rows are held out. Each part keeps the order of the file.</summary>
internal sealed record RowSplit(int[] Train, int[] Validation, int[] Test)
{
    /// <summary>
    /// Holds rows out by a keyed shuffle of all, then keeps the first of the rest, up to the spec's limit.
    /// </summary>
    /// <exception cref="InputException">Nothing is left to train on.</exception>
    public static RowSplit Of(DataSpec spec, int rows, RandomKey key)
    {
        var heldOut = (long)spec.Validation + spec.Test;
        if (heldOut >= rows)
        {
            throw new InputException(
                $"data: {spec.Validation} validation and {spec.Test} test rows are to be held out of {rows}; "
                    + "none is left to train on.");
        }

        var order = heldOut == 0 ? [.. Enumerable.Range(0, rows)] : KeyedRandom.Permutation(key, rows);
        var validation = order[..spec.Validation];
        var test = order[spec.Validation..(int)heldOut];
        var train = order[(int)heldOut..];
        Array.Sort(validation);
        Array.Sort(test);
        Array.Sort(train);
        return new RowSplit(
            spec.Limit > 0 && spec.Limit < train.Length ? train[..spec.Limit] : train, validation, test);
    }

    /// <summary>Those rows, copied; where they are all, memory is shared instead.</summary>
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
