using Ebm.Core.Randomness;

namespace Ebm.Compare;

/// <summary>The order in which a training visits its rows: a permutation an epoch.</summary>
internal static class Batches
{
    /// <summary>Whole batches of row numbers, epoch after epoch.</summary>
    public static IEnumerable<long[]> Of(int rows, int size, int epochs, int model)
    {
        for (var epoch = 0; epoch < epochs; epoch++)
        {
            var order = KeyedRandom.Permutation(RandomKey.Derive(0, Purpose.Benchmark, model, epoch), rows);
            for (var start = 0; start + size <= rows; start += size)
            {
                yield return [.. order.AsSpan(start, size).ToArray().Select(row => (long)row)];
            }
        }
    }
}
