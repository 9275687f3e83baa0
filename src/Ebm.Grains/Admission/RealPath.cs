namespace Ebm.Grains.Admission;

/// <summary>Where a path leads when every link on the way is followed.</summary>
internal static class RealPath
{
    // As Linux has it (ELOOP).
    private const int MostLinks = 40;

    /// <summary>
    /// The absolute path without links, <c>.</c> and <c>..</c>; missing parts stay as they are written.
    /// </summary>
    /// <param name="path">An absolute path.</param>
    /// <exception cref="IOException">Its links go round in a circle.</exception>
    public static string Of(string path)
    {
        var (links, real, left) = (0, "/", new Stack<string>());
        Push(left, path);
        while (left.TryPop(out var part))
        {
            if (part == "..")
            {
                real = Path.GetDirectoryName(real) ?? "/";
            }
            else if (new FileInfo(Path.Combine(real, part)).LinkTarget is { } target)
            {
                if (++links > MostLinks)
                {
                    throw new IOException("too many links");
                }

                real = Path.IsPathRooted(target) ? "/" : real;
                Push(left, target);
            }
            else
            {
                real = Path.Combine(real, part);
            }
        }

        return real;
    }

    private static void Push(Stack<string> left, string path)
    {
        foreach (var part in path.Split('/').Reverse().Where(p => p is not ("" or ".")))
        {
            left.Push(part);
        }
    }
}
