namespace Ebm.Grains.Placement;

/// <summary>Which shards of a run have to move so that silos hold shares in proportion to their lanes.</summary>
internal static class ShardBalance
{
    /// <summary>The fewest moves that even a run out; none where no silo lacks a whole shard.</summary>
    /// <param name="places">The silo of each shard, by number; of a silo that is not among <paramref name="silos"/>,
    /// nothing moves.</param>
    /// <param name="silos">Silos that may hold shards, with their lanes, in a fixed order.</param>
    public static IReadOnlyList<(int Shard, T To)> Moves<T>(
        IReadOnlyDictionary<int, T> places, IReadOnlyList<(T Silo, int Lanes)> silos)
        where T : notnull
    {
        var held = silos.ToDictionary(s => s.Silo, _ => new Stack<int>());
        foreach (var (shard, silo) in places.OrderBy(p => p.Key))
        {
            held.GetValueOrDefault(silo)?.Push(shard);
        }

        var total = held.Values.Sum(h => h.Count);
        var lanes = silos.Sum(s => s.Lanes);
        var moves = new List<(int, T)>();
        if (lanes == 0)
        {
            return moves;
        }

        while (true)
        {
            // How much a silo has above its share; moving a shard is worth it only where that evens both out.
            double Excess((T Silo, int Lanes) s) => held[s.Silo].Count - ((double)total * s.Lanes / lanes);
            var from = silos.MaxBy(Excess);
            var to = silos.MinBy(Excess);
            if (Excess(from) - Excess(to) <= 1 + 1e-9 || held[from.Silo].Count == 0)
            {
                return moves;
            }

            var shard = held[from.Silo].Pop();
            held[to.Silo].Push(shard);
            moves.Add((shard, to.Silo));
        }
    }
}
