using Ebm.Core.Randomness;

namespace Ebm.Core.Datasets;

/// <summary>
/// Which training rows each round uses: a function of (seed, attempt, rows, batch) alone. The rounds walk through one
/// permutation an epoch, so every row comes once in an epoch; a batch may reach over an epoch's end. Thread-safe.
/// </summary>
internal sealed class BatchPlan
{
    private readonly ulong _seed;
    private readonly int _attempt;
    private readonly int _rows;
    private readonly int _batch;

    // The permutations of the two latest epochs: a batch over an epoch's end needs both. A cache, not a state.
    private volatile (long Epoch, int[] Order)[] _memo = [];

    /// <summary>
    /// The plan of one attempt of a run over <paramref name="rows"/> rows, <paramref name="batch"/> a round.
    /// </summary>
    public BatchPlan(ulong seed, int attempt, int rows, int batch)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(batch, 1);
        (_seed, _attempt, _rows, _batch) = (seed, attempt, rows, batch);
    }

    /// <summary>Numbers of the training rows in the batch of a round; rounds count from 1. [batch].</summary>
    public long[] Indices(long round)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(round, 1);
        var indices = new long[_batch];
        var (epoch, position) = Math.DivRem(checked((round - 1) * _batch), _rows);
        var order = Order(epoch);
        for (var i = 0; i < _batch; i++, position++)
        {
            if (position == _rows)
            {
                position = 0;
                order = Order(++epoch);
            }

            indices[i] = order[position];
        }

        return indices;
    }

    private int[] Order(long epoch)
    {
        var memo = _memo;
        foreach (var known in memo)
        {
            if (known.Epoch == epoch)
            {
                return known.Order;
            }
        }

        // Two threads may both compute it, and find the same.
        var order = KeyedRandom.Permutation(RandomKey.Derive(_seed, Purpose.BatchOrder, _attempt, epoch), _rows);
        _memo = [(epoch, order), .. memo.Take(1)];
        return order;
    }
}
