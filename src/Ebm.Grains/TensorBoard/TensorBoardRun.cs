using System.Text;
using System.Text.Json;
using Ebm.Contracts.Runs;
using Ebm.Grains.Stores;
using Ebm.Reporting.TensorBoard;
using Ebm.RunFolders;

namespace Ebm.Grains.TensorBoard;

/// <summary>A run as events for TensorBoard; a step is a round.</summary>
/// <param name="events">Where they are written.</param>
internal sealed class TensorBoardRun(EventWriter events)
{
    private const int RoundsAtOnce = 1_000;

    /// <summary>Writes the figures of a round.</summary>
    public void Round(RoundReport report) => events.Scalars(report.Figures.Round, MetricTags.Of(report));

    /// <summary>Whether this is the first that TensorBoard hears of the run.</summary>
    public bool IsFirst => events.IsFirst;

    /// <summary>Writes the figures of rounds that are over; takes the time that it takes.</summary>
    public void Rounds(IReadOnlyList<RoundReport> reports)
    {
        foreach (var some in reports.Chunk(RoundsAtOnce))
        {
            Array.ForEach(some, Round);
            events.Flush();
        }
    }

    /// <summary>Records that the run continues after a round: later rounds in the file are void.</summary>
    public void GoOnAfter(long round) => events.StartAt(round + 1);

    /// <summary>Writes a file of the run, where it is one of samples or an evaluation; others are left out.</summary>
    /// <param name="name">Its name in the run's folder.</param>
    /// <param name="bytes">Its content.</param>
    public void Artefact(string name, ReadOnlySpan<byte> bytes)
    {
        if (RunFile.Parse(name) is not { Round: var round } file)
        {
            return;
        }

        switch (file.Kind)
        {
            case RunFileKind.SamplesPlot:
                events.Image(round, "samples", bytes.ToArray());
                break;
            case RunFileKind.SamplesText:
                // Four spaces make Markdown keep lines and characters as they are.
                var lines = Encoding.UTF8.GetString(bytes).TrimEnd('\n').Split('\n');
                events.Text(round, "samples", string.Join('\n', lines.Select(line => "    " + line)));
                break;
            default:
                var figures = JsonSerializer.Deserialize<Dictionary<string, double>>(bytes, MetricsJson.Page)!;
                events.Scalars(round, figures.Select(f => KeyValuePair.Create("evaluation/" + f.Key, f.Value)));
                break;
        }
    }
}
