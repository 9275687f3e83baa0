namespace Ebm.Client.Local.Processes;

/// <summary>
/// A log file with one rotation: a full file replaces <c>NAME.1</c>, so that a cluster that runs for weeks does not
/// fill the disk.
/// </summary>
internal sealed class LogFile(string path, long limit = 8L << 20) : IDisposable
{
    private const int Kept = 8;

    private readonly Lock _gate = new();
    private readonly Queue<string> _last = [];
    private StreamWriter _writer = Open(path);

    /// <summary>Its path.</summary>
    public string Path { get; } = path;

    /// <summary>The last lines, for an error message.</summary>
    public string Tail
    {
        get
        {
            lock (_gate)
            {
                return string.Join('\n', _last);
            }
        }
    }

    /// <summary>Appends a line.</summary>
    public void Write(string line)
    {
        lock (_gate)
        {
            _last.Enqueue(line);
            if (_last.Count > Kept)
            {
                _last.Dequeue();
            }

            try
            {
                Append(line);
            }
            catch (Exception e) when (e is IOException or ObjectDisposedException)
            {
                // A full disk must not end the cluster, and the logging process must not block on its pipe.
            }
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            try
            {
                _writer.Dispose();
            }
            catch (IOException)
            {
                // The disk is full: the last lines cannot be written.
            }
        }
    }

    private void Append(string line)
    {
        if (_writer.BaseStream.Length > limit)
        {
            _writer.Dispose();
            File.Move(Path, Path + ".1", overwrite: true);
            _writer = Open(Path);
        }

        _writer.WriteLine(line);
    }

    private static StreamWriter Open(string path)
    {
        var stream = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
        return new StreamWriter(stream) { AutoFlush = true };
    }
}
