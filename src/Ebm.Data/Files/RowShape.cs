using Ebm.Core.States;

namespace Ebm.Data.Files;

/// <summary>How the dimensions of a stored array become rows: the first counts rows, the rest are one row.</summary>
internal readonly record struct RowShape(int Rows, int Features, ImageShape? Image)
{
    /// <summary>Values in all rows.</summary>
    public long Length => (long)Rows * Features;

    /// <summary>
    /// [n], [n, features], [n, height, width] or [n, channels, height, width]; the last two are images.
    /// Sizes are checked without overflow, against <paramref name="limit"/> bytes.
    /// </summary>
    public static RowShape Of(DataFile file, ReadOnlySpan<long> dims, int elementSize, long limit)
    {
        if (dims.Length is < 1 or > 4)
        {
            throw file.Error($"has {dims.Length} dimensions; expected 1 to 4, the first of them rows");
        }

        var text = string.Join('x', dims.ToArray());
        var values = 1L;
        foreach (var dim in dims)
        {
            if (dim < 1)
            {
                throw file.Error($"has the shape {text}; expected at least one row and one value in a row");
            }

            if (dim > int.MaxValue || values > limit / elementSize / dim)
            {
                throw file.Error($"its header claims the shape {text}, above the limit of {limit} bytes");
            }

            values *= dim;
        }

        ImageShape? image = dims switch
        {
            [_, var h, var w] => new ImageShape(1, (int)h, (int)w),
            [_, var c, var h, var w] => new ImageShape((int)c, (int)h, (int)w),
            _ => null,
        };
        return new RowShape((int)dims[0], checked((int)(values / dims[0])), image);
    }
}
