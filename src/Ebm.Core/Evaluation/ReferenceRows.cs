using Ebm.Core.Datasets;
using Ebm.Core.Randomness;
using Ebm.Core.States;
using static TorchSharp.torch;

namespace Ebm.Core.Evaluation;

/// <summary>Rows of the data that a model's samples are held against.</summary>
internal static class ReferenceRows
{
    private const int Chunk = 4096;

    /// <summary>
    /// The part that the model has seen least of: test rows where there are any, else validation, else training rows.
    /// </summary>
    public static DataPart PartOf(Dataset data) =>
        data.Test.Count > 0 ? DataPart.Test : data.Validation.Count > 0 ? DataPart.Validation : DataPart.Train;

    /// <summary>
    /// At most <paramref name="most"/> rows of one part, evenly spread over it: a file that is sorted by class gives
    /// rows of each. They are the rows of <see cref="PositiveBatch.EvaluationRows"/>; [rows, features], a new tensor.
    /// </summary>
    public static Tensor Spread(Dataset data, DataPart part, int most, ulong seed, INoise noise, Device device)
    {
        using var scope = NewDisposeScope();
        var all = data[part].Count;
        var wanted = Numbers(all, most).ToLookup(row => row / Chunk);
        return cat([.. wanted.OrderBy(chunk => chunk.Key).Select(chunk =>
        {
            var first = (int)(chunk.Key * Chunk);
            using var rows = PositiveBatch.EvaluationRows(
                data, part, first, Math.Min(Chunk, all - first), seed, noise, device);
            return rows.index_select(0, tensor(chunk.Select(row => row - first).ToArray(), device: device));
        })]).MoveToOuterDisposeScope();
    }

    /// <summary>The labels of the rows of <see cref="Spread"/>; none where rows have no labels.</summary>
    public static int[] LabelsOfSpread(Dataset data, DataPart part, int most) =>
        data[part].Labels is { } labels ? [.. Numbers(labels.Length, most).Select(row => labels[row])] : [];

    private static IEnumerable<long> Numbers(int all, int most)
    {
        var count = Math.Min(all, most);
        return Enumerable.Range(0, count).Select(i => (long)i * all / count);
    }
}
