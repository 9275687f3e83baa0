using System.Text.Json;
using Ebm.Contracts.Runs;
using Ebm.Core;
using StackExchange.Redis;

namespace Ebm.Grains.Stores.Redis;

/// <summary>A run's journal in Redis: metrics by round, the latest events, files by name.</summary>
internal sealed class RedisRunJournal(RedisCalls calls, RedisKeys keys) : IRunJournal
{
    private const int EventsKept = 10_000, PicturesKept = 32, LinesAtOnce = 5_000;

    /// <inheritdoc/>
    public Task AppendMetrics(string run, long epoch, IReadOnlyList<RoundReport> reports) =>
        JournalScripts.AppendMetrics.Run(calls, keys, run, epoch, [keys.Metrics(run)], [.. reports.SelectMany(
            IEnumerable<RedisValue> (r) => [r.Figures.Round, MetricsJson.Write(r).ToJsonString(MetricsJson.Line)])]);

    /// <inheritdoc/>
    public Task CutMetrics(string run, long epoch, long round) =>
        JournalScripts.CutMetrics.Run(calls, keys, run, epoch, [keys.Metrics(run)], round);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<RoundReport>> ReadMetrics(string run)
    {
        // In pieces, by round: what all of a long run takes would hold up every other call.
        var reports = new List<RoundReport>();
        for (var after = double.NegativeInfinity; ;)
        {
            var from = after;
            var lines = await calls.Read(db => db.SortedSetRangeByScoreAsync(
                keys.Metrics(run), from, double.PositiveInfinity, Exclude.Start, take: LinesAtOnce));
            if (lines.Length == 0)
            {
                return reports;
            }

            reports.AddRange(lines.Select(line => Report(run, line.ToString())));
            after = reports[^1].Figures.Round;
        }
    }

    /// <inheritdoc/>
    public Task WriteArtefact(string run, long epoch, string name, ReadOnlyMemory<byte> bytes) =>
        JournalScripts.WriteArtefact.Run(
            calls, keys, run, epoch, [keys.Artefacts(run)], ArtefactName.Checked(name), bytes, PicturesKept);

    /// <inheritdoc/>
    public Task AppendEvents(string run, long epoch, IReadOnlyList<RunEvent> events) =>
        JournalScripts.AppendEvents.Run(calls, keys, run, epoch, [keys.Events(run)], [EventsKept, .. events.SelectMany(
            IEnumerable<RedisValue> (e) => [e.Number, EventJson.Write(e)])]);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<RunEvent>> ReadEvents(string run, int count)
    {
        if (count <= 0)
        {
            return [];
        }

        var entries = await calls.Read(db => db.StreamRangeAsync(
            keys.Events(run), count: count, messageOrder: Order.Descending));
        return [.. entries.Reverse().Select(e => EventJson.Read(e["e"].ToString()))];
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> ListArtefacts(string run) =>
        [.. (await calls.Read(db => db.HashKeysAsync(keys.Artefacts(run)))).Select(name => name.ToString())];

    /// <inheritdoc/>
    public async Task<byte[]?> ReadArtefact(string run, string name) =>
        await calls.Read(db => db.HashGetAsync(keys.Artefacts(run), ArtefactName.Checked(name)));

    private static RoundReport Report(string run, string line)
    {
        try
        {
            return MetricsJson.Read(line);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new EbmException($"the metrics of run '{run}' in Redis hold what is not a round's figures: "
                + $"{e.Message}", e);
        }
    }
}
