using System.Collections.Concurrent;
using System.Text.Json;
using Ebm.Contracts.Runs;
using Ebm.Core;
using Ebm.RunFolders;

namespace Ebm.Grains.Stores;

/// <summary>A run's journal in its own folder.</summary>
internal sealed class FileRunJournal(RunHome home) : IRunJournal, IDisposable
{
    private readonly ConcurrentDictionary<string, FileStream> _metrics = new();

    /// <inheritdoc/>
    public Task AppendMetrics(string run, long epoch, IReadOnlyList<RoundReport> reports)
    {
        home.Check(run, epoch);
        var path = home.Of(run, RunLayout.Metrics);
        try
        {
            var file = _metrics.GetOrAdd(
                run, _ => new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read, 0));
            file.Write(MetricsJson.Lines(reports));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw AtomicFile.Failed(path, e);
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task CutMetrics(string run, long epoch, long round)
    {
        home.Check(run, epoch);
        if (_metrics.TryRemove(run, out var open))
        {
            await open.DisposeAsync();
        }

        var path = home.Of(run, RunLayout.Metrics);
        if (File.Exists(path))
        {
            var all = await ReadMetrics(run);
            AtomicFile.Write(path, MetricsJson.Lines(all.Where(r => r.Figures.Round <= round)));
        }
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<RoundReport>> ReadMetrics(string run)
    {
        var path = home.Of(run, RunLayout.Metrics);
        if (!File.Exists(path))
        {
            return [];
        }

        var reports = new List<RoundReport>();
        await using var file = new FileStream(
            path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var reader = new StreamReader(file);
        while (await reader.ReadLineAsync() is { } line)
        {
            // A line that the death of the process cut short was never reported.
            if (line.EndsWith('}'))
            {
                reports.Add(Read(path, line, reports.Count + 1));
            }
        }

        return reports;
    }

    /// <inheritdoc/>
    public Task WriteArtefact(string run, long epoch, string name, ReadOnlyMemory<byte> bytes)
    {
        home.Check(run, epoch);
        AtomicFile.Write(home.Of(run, name), bytes.Span);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task AppendEvents(string run, long epoch, IReadOnlyList<RunEvent> events)
    {
        home.Check(run, epoch);
        try
        {
            File.AppendAllLines(
                home.Of(run, RunLayout.Events), events.Select(EventJson.Write));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw AtomicFile.Failed(home.Of(run, RunLayout.Events), e);
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<RunEvent>> ReadEvents(string run, int count)
    {
        var path = home.Of(run, RunLayout.Events);
        return File.Exists(path)
            ? [.. (await File.ReadAllLinesAsync(path)).Where(line => line.EndsWith('}')).TakeLast(count)
                .Select(line => EventJson.Read(line))]
            : [];
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> ListArtefacts(string run) =>
        Task.FromResult<IReadOnlyList<string>>(
            [.. new DirectoryInfo(home.Of(run)).EnumerateFiles().Select(f => f.Name)]);

    /// <inheritdoc/>
    public async Task<byte[]?> ReadArtefact(string run, string name)
    {
        var path = home.Of(run, Path.GetFileName(name));
        return File.Exists(path) ? await File.ReadAllBytesAsync(path) : null;
    }

    private static RoundReport Read(string path, string line, int number)
    {
        try
        {
            return MetricsJson.Read(line);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new EbmException($"{path}, line {number} is not a round's figures: {e.Message} Delete the line.", e);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var file in _metrics.Values)
        {
            file.Dispose();
        }
    }
}
