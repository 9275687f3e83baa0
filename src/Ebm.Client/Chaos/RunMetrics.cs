using System.Text;
using Ebm.Client.Remote;
using Ebm.Contracts.Runs;
using Ebm.Grains.Stores;

namespace Ebm.Client.Chaos;

/// <summary>A run's metrics, fetched from its cluster.</summary>
internal static class RunMetrics
{
    /// <summary>All rounds that have a line, in order.</summary>
    public static async Task<IReadOnlyList<RoundReport>> Read(RemoteRun run)
    {
        using var all = new MemoryStream();
        for (var piece = 0; ; piece++)
        {
            var part = await run.Grain.Artefact(MetricsJson.File, piece);
            if (part is null)
            {
                return [];
            }

            all.Write(part.Bytes.Bytes.Span);
            if (piece + 1 >= part.Pieces)
            {
                break;
            }
        }

        return [.. Encoding.UTF8.GetString(all.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(MetricsJson.Read)];
    }
}
