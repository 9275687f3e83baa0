using System.Text.Json;
using System.Text.RegularExpressions;
using Ebm.Contracts.Runs;
using Ebm.Core.TensorBoard;
using Ebm.Grains.Stores;

namespace Ebm.Grains.TensorBoard;

/// <summary>A run as events for TensorBoard; a step is a round.</summary>
/// <param name="events">Where they are written.</param>
public sealed partial class RunBoard(EventWriter events)
{
    /// <summary>Name of the folder of event files in a run's folder.</summary>
    public const string Folder = "tensorboard";

    /// <summary>Writes the figures of a round.</summary>
    public void Round(RoundReport report) => events.Scalars(report.Figures.Round, FigureTags.Of(report));

    /// <summary>Says that the run goes on after a round: what was written of later ones is void.</summary>
    public void GoOnAfter(long round) => events.StartAt(round + 1);

    /// <summary>Writes a file of the run, where it is one of samples or an evaluation; others are left out.</summary>
    /// <param name="name">Its name in the run's folder.</param>
    /// <param name="bytes">Its content.</param>
    public void Artefact(string name, ReadOnlySpan<byte> bytes)
    {
        if (OfARound().Match(name) is not { Success: true } match)
        {
            return;
        }

        var round = long.Parse(match.Groups["round"].ValueSpan, System.Globalization.CultureInfo.InvariantCulture);
        switch (match.Groups["kind"].Value)
        {
            case "samples" when name.EndsWith(".png", StringComparison.Ordinal):
                events.Image(round, "samples", bytes.ToArray());
                break;
            case "samples":
                // Four spaces make Markdown keep lines and characters as they are.
                var lines = System.Text.Encoding.UTF8.GetString(bytes).TrimEnd('\n').Split('\n');
                events.Text(round, "samples", string.Join('\n', lines.Select(line => "    " + line)));
                break;
            default:
                var figures = JsonSerializer.Deserialize<Dictionary<string, double>>(bytes, MetricsJson.Page)!;
                events.Scalars(round, figures.Select(f => KeyValuePair.Create("evaluation/" + f.Key, f.Value)));
                break;
        }
    }

    [GeneratedRegex(@"^(?<kind>samples|evaluation)-(?<round>\d+)\.(png|txt|json)$", RegexOptions.ExplicitCapture)]
    private static partial Regex OfARound();
}
