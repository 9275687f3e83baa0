using Ebm.Core.States;

namespace Ebm.Data.Files;

/// <summary>Dimensions of a stored array as rows: the first counts rows, the others form one row.</summary>
internal readonly record struct RowShape(int Rows, int Features, ImageShape? Image)
{
    /// <summary>Number of values in all rows.</summary>
    public long Length => (long)Rows * Features;

    /// <summary>
    /// [n], [n, features], [n, height, width] or [n, channels, height, width]; the last two are images.
    /// Sizes are checked against <paramref name="limit"/> bytes, without overflow.
    /// </summary>
    public static RowShape Of(DataFile file, ReadOnlySpan<long> dims, int elementSize, long limit)
    {
        if (dims.Length is < 1 or > 4)
        {
            throw file.CreateError($"has {dims.Length} dimensions; expected 1 to 4, rows first");
        }

        var text = string.Join('x', dims.ToArray());
        var values = 1L;
        foreach (var dim in dims)
        {
            if (dim < 1)
            {
                throw file.CreateError($"has the shape {text}; expected at least one row and one value per row");
            }

            if (dim > int.MaxValue || values > limit / elementSize / dim)
            {
                throw file.CreateError($"its header claims the shape {text}, above the limit of {limit} bytes");
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
