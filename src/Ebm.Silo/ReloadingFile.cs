using Ebm.Core;

namespace Ebm.Silo;

/// <summary>
/// The content of files, reloaded when one of them has changed: secrets are renewed while silos run. If the files
/// become unreadable, the last content stays.
/// </summary>
/// <param name="paths">The files.</param>
/// <param name="read">Reads them.</param>
/// <param name="time">
/// The clock. A call of <see cref="Current"/> checks the files if the last check is two seconds old.
/// </param>
internal sealed class ReloadingFile<T>(IReadOnlyList<string> paths, Func<T> read, TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private DateTime[] _written = WriteTimes(paths);
    private long _checked = time.GetTimestamp();
    private T _content = read();

    /// <summary>The current content.</summary>
    public T Current
    {
        get
        {
            lock (_gate)
            {
                if (time.GetElapsedTime(_checked) >= Interval)
                {
                    _checked = time.GetTimestamp();
                    Reload();
                }

                return _content;
            }
        }
    }

    private void Reload()
    {
        try
        {
            var written = WriteTimes(paths);
            if (!written.SequenceEqual(_written))
            {
                (_content, _written) = (read(), written);
            }
        }
        catch (Exception e) when (e is InputException or IOException or UnauthorizedAccessException)
        {
            // Most likely another process is writing one of them.
        }
    }

    private static DateTime[] WriteTimes(IReadOnlyList<string> paths) =>
        [.. paths.Select(path => Target(path).LastWriteTimeUtc)];

    // A Secret that Kubernetes mounts is a link; a renewal changes its target.
    private static FileSystemInfo Target(string path) =>
        (File.Exists(path) ? File.ResolveLinkTarget(path, returnFinalTarget: true) : null) ?? new FileInfo(path);
}
