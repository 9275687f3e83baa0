using Ebm.Core;

namespace Ebm.Silo;

/// <summary>
/// What was read from files, and is read again when one of them has changed: secrets are renewed while silos run. Files
/// that have become unreadable leave what was read before.
/// </summary>
/// <param name="paths">The files.</param>
/// <param name="read">Reads them.</param>
/// <param name="time">The clock; the files are looked at every two seconds, and only when somebody asks.</param>
internal sealed class ReloadingFile<T>(IReadOnlyList<string> paths, Func<T> read, TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private DateTime[] _written = WrittenAt(paths);
    private long _looked = time.GetTimestamp();
    private T _content = read();

    /// <summary>It, as it is now.</summary>
    public T Current
    {
        get
        {
            lock (_gate)
            {
                if (time.GetElapsedTime(_looked) >= Interval)
                {
                    _looked = time.GetTimestamp();
                    Look();
                }

                return _content;
            }
        }
    }

    private void Look()
    {
        try
        {
            var written = WrittenAt(paths);
            if (!written.SequenceEqual(_written))
            {
                (_content, _written) = (read(), written);
            }
        }
        catch (Exception e) when (e is InputException or IOException or UnauthorizedAccessException)
        {
            // One of them is being written, most likely.
        }
    }

    // A Secret that Kubernetes mounts is a link, and what changes is what it leads to.
    private static DateTime[] WrittenAt(IReadOnlyList<string> paths) => [.. paths.Select(
        path => (File.Exists(path) ? File.ResolveLinkTarget(path, returnFinalTarget: true)
            ?? new FileInfo(path) : new FileInfo(path)).LastWriteTimeUtc)];
}
