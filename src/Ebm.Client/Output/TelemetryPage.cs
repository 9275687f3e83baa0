using System.Text;
using Ebm.Grains.Telemetry;

namespace Ebm.Client.Output;

/// <summary>The page of telemetry's names, written from the catalogue.</summary>
internal static class TelemetryPage
{
    /// <summary>Markdown.</summary>
    public static string Write()
    {
        var page = new StringBuilder("""
            # Telemetry: the names

            Written from the program by `./ebm telemetry`; a test holds the two together,
            and every name that dashboards, rules and manifests
            use against them. How to switch telemetry on and what to do with it: [observability](observability.md).

            ## Metrics

            Meter `Ebm`. Units are UCUM. At a scrape endpoint dots are underscores,
            a unit of seconds or bytes is part of the name, counters end
            in `_total`, and histograms have `_bucket`, `_sum` and `_count`.

            | metric | at a scrape endpoint | kind | unit | attributes | what it says |
            |---|---|---|---|---|---|

            """);
        foreach (var metric in Catalogue.Metrics)
        {
            page.Append($"| `{metric.Name}` | `{metric.ScrapeName}` | "
                + $"{metric.Kind.ToString().ToLowerInvariant()} | `{metric.Unit}` ");
            page.Append($"| {Names(metric.Attributes)} | {metric.Description} |\n");
        }

        page.Append("\n## Spans\n\nSource `Ebm`; calls between grains are spans of Orleans between them.\n\n| span | "
            + "attributes | what happens |\n|---|---|---|\n");
        foreach (var span in Catalogue.Spans)
        {
            page.Append($"| `{span.Name}` | {Names(span.Attributes)} | {span.Description} |\n");
        }

        page.Append("\n## Attributes\n\n| attribute | what it says |\n|---|---|\n");
        foreach (var attribute in Catalogue.Attributes)
        {
            page.Append($"| `{attribute.Name}` | {attribute.Description} |\n");
        }

        page.Append("\n## Of libraries\n\n| meter | what it measures | used by dashboards and "
            + "rules |\n|---|---|---|\n");
        foreach (var meter in Catalogue.Foreign)
        {
            page.Append($"| `{meter.Name}` | {meter.Description} | "
                + $"{string.Join(", ", meter.Used.Select(n => $"`{n}`"))} |\n");
        }

        return page.ToString();
    }

    private static string Names(IEnumerable<AttributeEntry> attributes) =>
        string.Join(", ", attributes.Select(a => $"`{a.Name}`"));
}
