using System.Text.Json;
using System.Text.RegularExpressions;
using YamlDotNet.Serialization;

namespace Ebm.EndToEnd.Tests.Telemetry;

/// <summary>A query that somebody relies on, and where it stands.</summary>
internal sealed record Query(string Place, string Text);

/// <summary>What is in deploy/observability.</summary>
internal static partial class ObservabilityFiles
{
    public static string Folder { get; } = Path.Combine(Repository.Root, "deploy", "observability");

    /// <summary>Of every panel and variable of the dashboards.</summary>
    public static IEnumerable<Query> OfDashboards() =>
        Directory.GetFiles(Path.Combine(Folder, "grafana", "dashboards"), "*.json")
        .SelectMany(path =>
        {
            using var board = JsonDocument.Parse(File.ReadAllText(path));
            var name = Path.GetFileName(path);
            var panels = board.RootElement.GetProperty("panels").EnumerateArray()
                .Where(panel => panel.TryGetProperty("targets", out _))
                .SelectMany(panel => panel.GetProperty("targets").EnumerateArray().Select(target => new Query(
                    $"{name}, {panel.GetProperty("title").GetString()}", target.GetProperty("expr").GetString()!)));
            var variables = board.RootElement.GetProperty("templating").GetProperty("list").EnumerateArray()
                .Select(v => new Query(
                    $"{name}, variable {v.GetProperty("name").GetString()}", v.GetProperty("definition").GetString()!));
            return panels.Concat(variables).ToList();
        });

    /// <summary>Of every rule; the name of one that records, of one that alerts "alert".</summary>
    public static IEnumerable<(string? Record, Query Query)> OfRules() =>
        from file in (string[])["recording.yaml", "alerts.yaml"]
        let yaml = new DeserializerBuilder().Build()
            .Deserialize<RuleFile>(File.ReadAllText(Path.Combine(Folder, "rules", file)))
        from rule in yaml.Groups.SelectMany(g => g.Rules)
        select (rule.Record, new Query($"{file}, {rule.Record ?? rule.Alert}", rule.Expr));

    /// <summary>A query of Grafana's as Prometheus takes it: all of everything, over half a minute.</summary>
    public static Query Plain(Query query) => query with
    {
        Text = LabelValues().Replace(query.Text, "count by ($2) ($1)")
            .Replace("$__rate_interval", "30s", StringComparison.Ordinal)
            .Replace("$instance", ".*", StringComparison.Ordinal).Replace("$run", ".*", StringComparison.Ordinal),
    };

    /// <summary>
    /// The parts of an alert's condition that are compared: an alert that is silent shows no data as a whole.
    /// </summary>
    public static IEnumerable<Query> Compared(Query alert) => Comparison().Split(alert.Text)
        .Where(part => !double.TryParse(part, System.Globalization.CultureInfo.InvariantCulture, out _))
        .Select(part => alert with { Text = part });

    /// <summary>The names in a query that could be metrics' or labels'.</summary>
    public static IEnumerable<string> Names(Query query) => Name().Matches(query.Text).Select(m => m.Value).Distinct();

    [GeneratedRegex(@"label_values\((\w+), (\w+)\)")]
    private static partial Regex LabelValues();

    [GeneratedRegex(@" (?:==|<|>) | and on\(\) ")]
    private static partial Regex Comparison();

    [GeneratedRegex(@"\b(?:ebm:[a-z0-9_:]+|(?:ebm|db|orleans|dotnet)_\w+)")]
    private static partial Regex Name();

    private sealed class RuleFile
    {
        [YamlMember(Alias = "groups")]
        public List<RuleGroup> Groups { get; set; } = [];
    }

    private sealed class RuleGroup
    {
        [YamlMember(Alias = "name")]
        public string Name { get; set; } = "";

        [YamlMember(Alias = "rules")]
        public List<Rule> Rules { get; set; } = [];
    }

    private sealed class Rule
    {
        [YamlMember(Alias = "record")]
        public string? Record { get; set; }

        [YamlMember(Alias = "alert")]
        public string? Alert { get; set; }

        [YamlMember(Alias = "expr")]
        public string Expr { get; set; } = "";

        [YamlMember(Alias = "for")]
        public string? For { get; set; }

        [YamlMember(Alias = "labels")]
        public Dictionary<string, string> Labels { get; set; } = [];

        [YamlMember(Alias = "annotations")]
        public Dictionary<string, string> Annotations { get; set; } = [];
    }
}
