namespace Ebm.Grains.Placement;

/// <summary>All lanes of a cluster in a circle: first every silo's first lane, then every second one.</summary>
internal static class LaneRing
{
    /// <summary>The silo whose lane stands at a place; places beyond the circle go round again.</summary>
    /// <param name="silos">Silos with their lanes, at least one; a silo without lanes counts as one with one.</param>
    /// <param name="place">The place, from 0.</param>
    public static T At<T>(IReadOnlyList<(T Silo, int Lanes)> silos, ulong place)
    {
        var all = silos.Sum(s => Math.Max(1, s.Lanes));
        var left = (int)(place % (ulong)all);
        for (var lane = 0; ; lane++)
        {
            foreach (var (silo, lanes) in silos)
            {
                if (lane < Math.Max(1, lanes) && left-- == 0)
                {
                    return silo;
                }
            }
        }
    }
}
