using Ebm.Core.Datasets;
using Ebm.Core.Native;
using Ebm.Core.States;
using static TorchSharp.torch;

namespace Ebm.Core.Training;

/// <summary>Checks that rows are states of an energy.</summary>
internal static class RowCheck
{
    /// <summary>Checks the number of values and each value.</summary>
    /// <exception cref="InputException">They do not fit; the message names the row and the column.</exception>
    public static void Check(StateSpace space, DataRows rows, string name)
    {
        if (rows.Features != space.Features)
        {
            throw new InputException(
                $"{name}: rows have {rows.Features} values; the energy has {space.Features} units. Expected equal "
                + "numbers.");
        }

        using var scope = NewDisposeScope();
        using Scalar scale = rows.Scale, shift = rows.Shift;
        var values = rows.Stored.to_type(ScalarType.Float32).mul(scale).Increase(shift);
        var bad = IsState(space, values).logical_not().nonzero();
        if (bad.shape[0] > 0)
        {
            var (row, column) = (bad[0, 0].item<long>(), bad[0, 1].item<long>());
            throw new InputException(
                $"{name}: row {row}, column {column} (from 0) is {values[row, column].item<float>()}; expected "
                + $"{Expected(space)}.");
        }
    }

    private static Tensor IsState(StateSpace space, Tensor values)
    {
        using Scalar zero = 0, one = 1, categories = space.Categories;
        return space.Units switch
        {
            UnitKind.Binary => values.eq(zero).logical_or(values.eq(one)),
            UnitKind.Categorical =>
                values.ge(zero).logical_and(values.lt(categories)).logical_and(values.eq(values.floor())),
            _ => values.isfinite(),
        };
    }

    private static string Expected(StateSpace space) => space.Units switch
    {
        UnitKind.Binary => "0 or 1",
        UnitKind.Categorical => $"a category from 0 to {space.Categories - 1}",
        _ => "a finite number",
    };
}
