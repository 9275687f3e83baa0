using static TorchSharp.torch;

namespace Ebm.Core.Energies;

/// <summary>Of which class each row of a batch is. The tensors belong to the dispose scope they were made in.</summary>
/// <param name="OneHot">1 at each row's class, else 0: [rows, classes], float32.</param>
/// <param name="Weights">[rows], float32: factors of the rows in <see cref="IEnergy.ParameterGradient"/>; null: all
/// 1.</param>
public sealed record RowClasses(Tensor OneHot, Tensor? Weights = null)
{
    /// <summary>Of labels on the host.</summary>
    /// <param name="labels">A label from 0 to classes - 1 for each row.</param>
    /// <param name="classes">Number of classes.</param>
    /// <param name="device">Where the rows lie.</param>
    /// <param name="weights">The factor of each class.</param>
    public static RowClasses Of(
        ReadOnlySpan<int> labels, int classes, Device device, IReadOnlyList<float>? weights = null)
    {
        var ones = new float[labels.Length, classes];
        var factors = new float[labels.Length];
        for (var i = 0; i < labels.Length; i++)
        {
            ones[i, labels[i]] = 1;
            factors[i] = weights?[labels[i]] ?? 1;
        }

        return new RowClasses(tensor(ones, device: device), weights is null ? null : tensor(factors, device: device));
    }

    /// <summary>
    /// The row of a table for each row of the batch: [rows, columns] of <paramref name="table"/> [classes, columns]. A
    /// product, since the gradient in the table is one too, and its sums have one order on every device.
    /// </summary>
    public Tensor RowsOf(Tensor table) => OneHot.to_type(table.dtype).mm(table);

    /// <summary>
    /// The sums of the rows of each class: [classes, columns] of <paramref name="rows"/> [rows, columns].
    /// </summary>
    public Tensor SumByClass(Tensor rows) => OneHot.to_type(rows.dtype).t().mm(rows);
}
