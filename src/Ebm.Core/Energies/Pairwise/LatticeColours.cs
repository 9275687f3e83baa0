namespace Ebm.Core.Energies.Pairwise;

/// <summary>
/// A colouring of a lattice in which no two neighbours are alike, so that all units of a colour are independent given
/// the others: the checkerboard where it closes, else three colours (a cycle of odd length needs the third at its end).
/// </summary>
internal static class LatticeColours
{
    /// <summary>For each colour where it is, [height * width], bool.</summary>
    public static IReadOnlyList<bool[]> Masks(int height, int width, bool torus)
    {
        var (odd, wide) = (torus && height % 2 == 1, torus && width % 2 == 1);
        var colours = odd || wide ? 3 : 2;
        var masks = Enumerable.Range(0, colours).Select(_ => new bool[height * width]).ToArray();
        for (var i = 0; i < height; i++)
        {
            for (var j = 0; j < width; j++)
            {
                masks[(Along(i, height, odd) + Along(j, width, wide)) % colours][(i * width) + j] = true;
            }
        }

        return masks;
    }

    private static int Along(int place, int length, bool oddCycle) => oddCycle && place == length - 1 ? 2 : place % 2;
}
