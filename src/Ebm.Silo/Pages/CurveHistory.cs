using Ebm.Core.Diagnostics;

namespace Ebm.Silo.Pages;

/// <summary>
/// A run's figures over its rounds, in bounded space: where there are too many points, they stand further apart. The
/// latest is always there.
/// </summary>
internal sealed class CurveHistory(int capacity = 2048)
{
    private readonly List<RoundMetrics> _points = [];
    private long _apart = 1;

    /// <summary>The points, in the order of their rounds.</summary>
    public IReadOnlyList<RoundMetrics> Points => _points;

    /// <summary>
    /// Adds a round. A round before the last one is a repetition: later rounds are removed.
    /// </summary>
    public void Add(RoundMetrics round)
    {
        while (_points is [.., var last] && last.Round >= round.Round)
        {
            _points.RemoveAt(_points.Count - 1);
        }

        Append(round);
        while (_points.Count > capacity)
        {
            _apart *= 2;
            var all = _points.ToArray();
            _points.Clear();
            Array.ForEach(all, Append);
        }
    }

    /// <summary>The one that was the latest stays only where it is far enough from the one before it.</summary>
    private void Append(RoundMetrics round)
    {
        if (_points is [.., var before, var latest] && latest.Round - before.Round < _apart)
        {
            _points.RemoveAt(_points.Count - 1);
        }

        _points.Add(round);
    }
}
