using System.Collections.Concurrent;
using Ebm.Contracts.Runs;
using Ebm.Core;
using Ebm.RunFolders;

namespace Ebm.Grains.Stores;

/// <summary>
/// The folder that holds a folder for each run. One process at a time may work on a run: it holds the run's lock file.
/// </summary>
internal sealed class RunHome(string path) : IRunFence, IRunCatalogue, IDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, FileStream> _locks = [];
    private readonly ConcurrentDictionary<string, long> _epochs = new();
    private volatile bool _disposed;

    /// <summary>The folder.</summary>
    public string Path { get; } = System.IO.Path.GetFullPath(path);

    /// <summary>The folder of a run.</summary>
    public string Of(string run) => System.IO.Path.Combine(Path, run);

    /// <summary>A file of a run.</summary>
    public string Of(string run, string file) => System.IO.Path.Combine(Path, run, file);

    /// <summary>Ids of the runs that are there, in order.</summary>
    public IReadOnlyList<string> Runs() => Directory.Exists(Path)
        ? [.. Directory.GetDirectories(Path)
            .Where(d => File.Exists(System.IO.Path.Combine(d, RunLayout.Record)))
            .Select(d => System.IO.Path.GetFileName(d)).Order(StringComparer.Ordinal)]
        : [];

    /// <summary>Creates the run's folder and takes its lock; does nothing where this object has it already.</summary>
    /// <exception cref="EbmException">Another process has it, or the folder cannot be written.</exception>
    /// <exception cref="ObjectDisposedException">This object has given its locks back.</exception>
    public void Lock(string run)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (!_locks.ContainsKey(run))
            {
                _locks.Add(run, Take(run));
            }
        }
    }

    /// <summary>Whether this object has a run's lock.</summary>
    public bool Has(string run)
    {
        lock (_gate)
        {
            return _locks.ContainsKey(run);
        }
    }

    /// <inheritdoc/>
    public Task<long> Raise(string run, long atLeast) =>
        Task.FromResult(_epochs.AddOrUpdate(run, atLeast, (_, current) => Math.Max(current + 1, atLeast)));

    /// <inheritdoc/>
    public Task Register(string run)
    {
        Lock(run);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    Task<IReadOnlyList<string>> IRunCatalogue.Runs() => Task.FromResult(Runs());

    /// <inheritdoc/>
    public Task<RunStorage> Measure(string run)
    {
        var bytes = new DirectoryInfo(Of(run)).EnumerateFiles("*", SearchOption.AllDirectories).Sum(f => f.Length);
        return Task.FromResult(new RunStorage("files", bytes, []));
    }

    /// <inheritdoc/>
    public Task Delete(string run, long epoch)
    {
        Directory.Delete(Of(run), recursive: true);
        return Task.CompletedTask;
    }

    /// <summary>Refuses a write of an epoch that was replaced.</summary>
    /// <exception cref="StaleEpochException">It was.</exception>
    public void Check(string run, long epoch)
    {
        if (!MayWrite(run, epoch))
        {
            throw new StaleEpochException(run, epoch, _epochs.GetValueOrDefault(run, epoch));
        }
    }

    /// <summary>
    /// Whether an epoch is still current. Without the locks no writes are allowed: another process may have them.
    /// </summary>
    public bool MayWrite(string run, long epoch) =>
        !_disposed && (!_epochs.TryGetValue(run, out var current) || epoch >= current);

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            foreach (var stream in _locks.Values)
            {
                stream.Dispose();
            }
        }
    }

    private FileStream Take(string run)
    {
        var file = Of(run, RunLayout.Lock);
        try
        {
            Directory.CreateDirectory(Of(run));
            return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (Directory.Exists(Of(run)) && File.Exists(file))
        {
            throw new EbmException(
                $"run '{run}' is being worked on by another process ({file} is locked). "
                    + "Wait for it, or stop it first.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new EbmException($"the run's folder {Of(run)} cannot be written: {e.Message}", e);
        }
    }
}
