using System.Collections.Concurrent;
using System.Text.Json;
using Ebm.Contracts.Runs;

namespace Ebm.Grains.Stores;

/// <summary>A run's journal in its own folder.</summary>
public sealed class FileRunJournal(RunHome home) : IRunJournal, IDisposable
{
    /// <summary>Name of the metrics file.</summary>
    public const string MetricsFile = "metrics.jsonl";

    private readonly ConcurrentDictionary<string, FileStream> _metrics = new();

    /// <inheritdoc/>
    public Task AppendMetrics(string run, long epoch, IReadOnlyList<RoundReport> reports)
    {
        home.Check(run, epoch);
        using var lines = new MemoryStream();
        foreach (var report in reports)
        {
            JsonSerializer.Serialize(lines, report, MetricsJson.Line);
            lines.WriteByte((byte)'\n');
        }

        var path = home.Of(run, MetricsFile);
        try
        {
            var file = _metrics.GetOrAdd(run, _ => new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read, 0));
            file.Write(lines.GetBuffer().AsSpan(0, (int)lines.Length));
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

        var all = await ReadMetrics(run);
        if (all.Count == 0)
        {
            return;
        }

        using var kept = new MemoryStream();
        foreach (var report in all.Where(r => r.Round <= round))
        {
            JsonSerializer.Serialize(kept, report, MetricsJson.Line);
            kept.WriteByte((byte)'\n');
        }

        AtomicFile.Write(home.Of(run, MetricsFile), kept.GetBuffer().AsSpan(0, (int)kept.Length));
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<RoundReport>> ReadMetrics(string run)
    {
        var path = home.Of(run, MetricsFile);
        if (!File.Exists(path))
        {
            return [];
        }

        var reports = new List<RoundReport>();
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var reader = new StreamReader(file);
        while (await reader.ReadLineAsync() is { } line)
        {
            // A line that the death of the process cut short was never reported.
            if (line.EndsWith('}'))
            {
                reports.Add(JsonSerializer.Deserialize<RoundReport>(line, MetricsJson.Line)!);
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
    public void Dispose()
    {
        foreach (var file in _metrics.Values)
        {
            file.Dispose();
        }
    }
}
