using System.Globalization;
using System.Text;
using Ebm.Core;

namespace Ebm.Client.Local;

/// <summary>
/// Truncates the append-only log of a stopped Redis to an earlier second. With aof-timestamp-enabled, a line
/// <c>#TS:SECONDS</c> precedes the first command of each second. The log is cut there, but not inside a transaction:
/// Redis would reject such a log as damaged.
/// </summary>
internal static class LogCut
{
    /// <summary>Truncates the newest file of the log in a folder.</summary>
    /// <exception cref="EbmException">The folder has no append-only log.</exception>
    public static void Apply(string folder, DateTimeOffset from)
    {
        var manifest = Path.Combine(folder, "appendonly.aof.manifest");
        var newest = (File.Exists(manifest) ? File.ReadAllLines(manifest) : [])
            .Select(line => line.Split(' ')).LastOrDefault(words => words is ["file", _, "seq", _, "type", "i", ..]);
        if (newest is null)
        {
            throw new EbmException(
                $"{manifest} names no incremental file. Expected the append-only log of a Redis with appendonly yes.");
        }

        using var log = File.Open(Path.Combine(folder, newest[1]), FileMode.Open, FileAccess.ReadWrite);
        log.SetLength(FindEnd(log, from.ToUnixTimeSeconds()));
        log.Flush(flushToDisk: true);
    }

    /// <summary>
    /// Finds the length to keep, in bytes: everything before the first mark that is not earlier than
    /// <paramref name="second"/>.
    /// </summary>
    public static long FindEnd(Stream log, long second)
    {
        long complete = 0;
        var transaction = false;
        try
        {
            while (log.Position < log.Length)
            {
                var line = Line(log);
                if (line.StartsWith("#TS:", StringComparison.Ordinal))
                {
                    if (Number(line[4..]) >= second)
                    {
                        // A transaction that contains the mark is removed entirely.
                        return transaction ? complete : log.Position - line.Length - 2;
                    }
                }
                else
                {
                    transaction = Command(log, line) switch { "MULTI" => true, "EXEC" => false, _ => transaction };
                }

                complete = transaction ? complete : log.Position;
            }
        }
        catch (EndOfStreamException)
        {
            // The process was killed while it wrote the last command.
        }

        return complete;
    }

    // *2\r\n$6\r\nSELECT\r\n$1\r\n0\r\n
    private static string Command(Stream log, string head)
    {
        var name = "";
        for (long i = 0, parts = Number(head[1..]); i < parts; i++)
        {
            var length = Number(Line(log)[1..]);
            if (i == 0)
            {
                var bytes = new byte[length];
                log.ReadExactly(bytes);
                name = Encoding.ASCII.GetString(bytes).ToUpperInvariant();
                length = 0;
            }

            log.Seek(length + 2, SeekOrigin.Current);
        }

        return log.Position <= log.Length ? name : throw new EndOfStreamException();
    }

    private static string Line(Stream log)
    {
        var line = new StringBuilder();
        for (int next; (next = log.ReadByte()) != '\n';)
        {
            line.Append(next >= 0 ? (char)next : throw new EndOfStreamException());
        }

        return line.ToString().TrimEnd('\r');
    }

    private static long Number(string text) =>
        long.Parse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
}
