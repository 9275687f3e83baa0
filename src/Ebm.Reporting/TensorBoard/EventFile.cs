using System.Globalization;

namespace Ebm.Reporting.TensorBoard;

/// <summary>Names of event files. TensorBoard reads all files of a folder, in the order of their names.</summary>
internal static class EventFile
{
    private const string Prefix = "events.out.tfevents.";

    /// <summary>Creates a file that comes after all that are there, whatever the clock says.</summary>
    /// <param name="folder">Its folder, which is made where it is missing.</param>
    /// <param name="now">The time, for its name.</param>
    /// <exception cref="IOException">It cannot be made.</exception>
    public static FileStream Create(string folder, DateTimeOffset now)
    {
        Directory.CreateDirectory(folder);
        var seconds = In(folder).Select(SecondsOf).Append(now.ToUnixTimeSeconds() - 1).Max() + 1;
        var name = string.Create(
            CultureInfo.InvariantCulture, $"{Prefix}{seconds:D10}.{Environment.MachineName}.{Environment.ProcessId}");
        return new FileStream(
            Path.Combine(folder, name), FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize: 0);
    }

    /// <summary>The event files of a folder, unordered; none if the folder is missing.</summary>
    public static IEnumerable<string> In(string folder) =>
        Directory.Exists(folder) ? Directory.EnumerateFiles(folder, Prefix + "*") : [];

    private static long SecondsOf(string path)
    {
        var rest = Path.GetFileName(path)[Prefix.Length..];
        return long.TryParse(rest.Split('.')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            ? seconds
            : 0;
    }
}
