using Ebm.Core.Randomness;

namespace Ebm.Client.Chaos;

/// <summary>Which faults come, when and where: a function of the seed.</summary>
internal static class FaultPlan
{
    private const int MostRounds = 12;

    private static readonly string[] ShardPoints = ["before-commit", "after-commit", "before-reply"];
    private static readonly string?[] ServerPoints = ["after-update", "in-checkpoint", null];

    // In a hundred, where nothing else is asked for. A minute without Redis is a run of its own.
    private static readonly (FaultKind Kind, int Weight)[] Usual =
    [
        (FaultKind.Kill, 33), (FaultKind.KillServer, 25), (FaultKind.KillControl, 8), (FaultKind.KillInRewind, 6),
        (FaultKind.Pause, 6), (FaultKind.PauseServer, 6), (FaultKind.RedisRestart, 8), (FaultKind.RedisPause, 4),
        (FaultKind.RedisCut, 4),
    ];

    /// <summary>The plan.</summary>
    /// <param name="seed">Seed.</param>
    /// <param name="count">Number of faults.</param>
    /// <param name="kinds">Kinds to choose from, evenly; none: all but <see cref="FaultKind.RedisAway"/>, in their
    /// usual shares.</param>
    public static IReadOnlyList<PlannedFault> Make(ulong seed, int count, IReadOnlyList<FaultKind> kinds)
    {
        var key = RandomKey.Derive(seed, Purpose.Faults, 0, 0);
        var order = Kinds(count, kinds.Count == 0 ? Usual : [.. kinds.Select(k => (k, 1))]);
        var places = KeyedRandom.Permutation(key, count);
        return [.. Enumerable.Range(0, count).Select(i =>
        {
            var random = new KeyedRandom(key, 1, (uint)i);
            var kind = order[places[i]];
            var points = kind switch { FaultKind.Kill or FaultKind.Pause => ShardPoints,
                FaultKind.KillServer or FaultKind.PauseServer => ServerPoints, _ => [null] };
            return new PlannedFault(
                i + 1, kind, points[random.Below(points.Length, 0)], 1 + random.Below(MostRounds, 2), random.UInt32(4));
        })];
    }

    /// <summary>
    /// Each kind in its share, and each at least once where there are enough faults; the largest shares first.
    /// </summary>
    private static FaultKind[] Kinds(int count, (FaultKind Kind, int Weight)[] weights)
    {
        var all = weights.Sum(w => w.Weight);
        var some = count >= weights.Length ? 1 : 0;
        var chosen = weights.SelectMany(w => Enumerable.Repeat(w.Kind, Math.Max(some, count * w.Weight / all)))
            .ToList();
        for (var i = 0; chosen.Count < count; i++)
        {
            chosen.Add(weights[i % weights.Length].Kind);
        }

        while (chosen.Count > count)
        {
            // The kind that has most beyond its share gives one back.
            var most = weights.Where(w => chosen.Contains(w.Kind))
                .MaxBy(w => chosen.Count(c => c == w.Kind) - ((double)count * w.Weight / all)).Kind;
            chosen.RemoveAt(chosen.LastIndexOf(most));
        }

        return [.. chosen];
    }
}
