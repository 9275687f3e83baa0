using Ebm.Client.Output;
using Ebm.Contracts.Runs;
using Ebm.Grains.Stores;

namespace Ebm.Client.Progress;

/// <summary>
/// Every event as a line with its time, and nothing else; what concerns the connection goes to standard error.
/// </summary>
internal sealed class EventLines(OutputFormat format) : IEventView
{
    public void Show(RunEvent e, RunStatus status)
    {
        if (format == OutputFormat.Text)
        {
            Console.Out.WriteLine(HumanFormat.Of($"{HumanFormat.Time(e.At)}  round {e.Round}  ") + TextOf(e));
            return;
        }

        JsonOutput.Write("event", o =>
        {
            o["number"] = e.Number;
            o["at"] = JsonOutput.Node(e.At);
            o["kind"] = NameOf(e.Kind);
            o["round"] = e.Round;
            o["epoch"] = e.Epoch;
            o["text"] = RunEventText.Of(e);
            EventFacts.Fill(o, e);
            o["figures"] = e.Report is { } report ? MetricsJson.Write(report) : null;
        });
    }

    public void Notice(string text) => Console.Error.WriteLine(text);

    private static string TextOf(RunEvent e) => e.Report is { } report
        ? string.Join("  ", RoundMetricNames.Of(report.Figures).Select(f => $"{f.Name} {f.Value}"))
        : $"{NameOf(e.Kind)} {RunEventText.Of(e)}";

    private static string NameOf(RunEventKind kind) => kind.ToString().ToLowerInvariant();
}
