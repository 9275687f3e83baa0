using Ebm.Core.States;

namespace Ebm.Data.Images;

/// <summary>
/// Resizes images by area averaging: each new pixel is the mean over the part of the old image that it covers. Integer
/// arithmetic makes the result equal on every machine.
/// </summary>
internal static class AreaMean
{
    /// <summary>
    /// Resizes <paramref name="pixels"/>, [channels, height, width]; both shapes have the same channels.
    /// </summary>
    public static byte[] Resize(byte[] pixels, ImageShape from, ImageShape to)
    {
        var (rows, columns) = (Covered(from.Height, to.Height), Covered(from.Width, to.Width));
        var area = (long)from.Height * from.Width;
        var resized = new byte[to.Length];
        for (var i = 0; i < resized.Length; i++)
        {
            var (channel, y, x) = (i / (to.Height * to.Width), i / to.Width % to.Height, i % to.Width);
            var sum = 0L;
            foreach (var (row, height) in rows[y])
            {
                foreach (var (column, width) in columns[x])
                {
                    sum += (long)height * width * pixels[(((channel * from.Height) + row) * from.Width) + column];
                }
            }

            resized[i] = (byte)((sum + (area / 2)) / area);
        }

        return resized;
    }

    /// <summary>
    /// The old pixels that each new pixel covers along an axis, and their shares. The axis has old * new units: an old
    /// pixel spans new units, a new pixel spans old units.
    /// </summary>
    private static (int Pixel, int Units)[][] Covered(int old, int @new) =>
    [
        .. Enumerable.Range(0, @new).Select(i => Enumerable.Range(0, old)
            .Select(p => (p, Math.Min((i + 1) * old, (p + 1) * @new) - Math.Max(i * old, p * @new)))
            .Where(p => p.Item2 > 0).ToArray()),
    ];
}
