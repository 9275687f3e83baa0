using System.Text.Json;
using System.Text.RegularExpressions;
using YamlDotNet.RepresentationModel;

namespace Ebm.EndToEnd.Tests.Telemetry;

/// <summary>The stack beside a cluster, as far as its files can be held against one another.</summary>
public sealed partial class StackTests
{
    [Fact]
    public void Compose_OfTheStack_PinsItsImagesAndMountsExistingFiles()
    {
        var services = Map(Read("compose.yaml")["services"]);
        Assert.All(services.Children.Values, service => Assert.Matches(Pinned(), service["image"].ToString()));
        var mounted = services.Children.Values.SelectMany(s => List(s, "volumes"))
            .Where(v => v.StartsWith("./", StringComparison.Ordinal));
        Assert.All(mounted, mount => Assert.True(
            Path.Exists(Path.Combine(ObservabilityFiles.Folder, mount.Split(':')[0])), $"{mount} is not there"));
        var ports = services.Children.Values.SelectMany(s => List(s, "ports"));
        Assert.All(ports, port => Assert.StartsWith("127.0.0.1:", port, StringComparison.Ordinal));
    }

    [Fact]
    public void Collector_InItsPipelines_UsesOnlyDefinedComponents()
    {
        var collector = Read("collector.yaml");
        var pipelines = Map(collector["service"]["pipelines"]);
        Assert.Equal(["traces", "metrics", "logs"], pipelines.Children.Keys.Select(k => k.ToString()));
        foreach (var pipeline in pipelines.Children.Values)
        {
            foreach (var part in new[] { "receivers", "processors", "exporters" })
            {
                var defined = Map(collector[part]).Children.Keys.Select(k => k.ToString()).ToHashSet();
                Assert.All(List(pipeline, part), name => Assert.Contains(name, defined));
            }
        }

        // Whom it sends to, and who reads from it, are services of the stack.
        var services = Map(Read("compose.yaml")["services"]).Children.Keys.Select(k => k.ToString()).ToList();
        var hosts = Host().Matches(File.ReadAllText(Path.Combine(ObservabilityFiles.Folder, "collector.yaml"))
            + File.ReadAllText(Path.Combine(ObservabilityFiles.Folder, "prometheus.yaml"))
            + File.ReadAllText(Path.Combine(
            ObservabilityFiles.Folder,
            "grafana/provisioning/datasources/datasources.yaml"))).Select(m => m.Groups[1].Value);
        Assert.Superset(new HashSet<string> { "tempo", "loki", "collector", "prometheus" }, hosts.ToHashSet());
        Assert.All(hosts, host => Assert.Contains(host, services));
    }

    [Fact]
    public void Alerts_OfTheRules_EachHaveALineInTheOperationsPage()
    {
        var rules = Directory.GetFiles(Path.Combine(ObservabilityFiles.Folder, "rules")).Select(File.ReadAllText);
        var explained = AlertRow().Matches(File.ReadAllText(Path.Combine(Repository.Root, "docs", "operations.md")))
            .Select(m => m.Groups[1].Value);
        Assert.NotEmpty(explained);
        Assert.Equal(
            rules.SelectMany(text => AlertName().Matches(text)).Select(m => m.Groups[1].Value).Distinct()
                .Order(StringComparer.Ordinal),
            explained.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Dashboards_OfTheStack_ReadExistingDatasourcesAndDoNotOverlap()
    {
        var sources = ((YamlSequenceNode)Read("grafana/provisioning/datasources/datasources.yaml")["datasources"])
            .Select(d => d["uid"].ToString()).ToHashSet();
        foreach (var path in Directory.GetFiles(Path.Combine(ObservabilityFiles.Folder, "grafana", "dashboards")))
        {
            using var board = JsonDocument.Parse(File.ReadAllText(path));
            var panels = board.RootElement.GetProperty("panels").EnumerateArray().ToList();
            Assert.Equal(panels.Count, panels.Select(p => p.GetProperty("id").GetInt32()).Distinct().Count());
            Assert.All(panels.Where(p => p.TryGetProperty("datasource", out _)), p =>
                Assert.Contains(p.GetProperty("datasource").GetProperty("uid").GetString()!, sources));
            var cells = panels.SelectMany(p => Cells(p.GetProperty("gridPos"))).ToList();
            Assert.Equal(cells.Count, cells.Distinct().Count());
            Assert.All(cells, cell => Assert.InRange(cell.X, 0, 23));
        }
    }

    private static IEnumerable<(int X, int Y)> Cells(JsonElement place) =>
        from x in Enumerable.Range(place.GetProperty("x").GetInt32(), place.GetProperty("w").GetInt32())
        from y in Enumerable.Range(place.GetProperty("y").GetInt32(), place.GetProperty("h").GetInt32())
        select (x, y);

    private static YamlNode Read(string file)
    {
        var yaml = new YamlStream();
        yaml.Load(new StringReader(File.ReadAllText(Path.Combine(ObservabilityFiles.Folder, file))));
        return yaml.Documents.Single().RootNode;
    }

    private static YamlMappingNode Map(YamlNode node) => (YamlMappingNode)node;

    private static IEnumerable<string> List(YamlNode node, string key) =>
        Map(node).Children.TryGetValue(key, out var list) ? ((YamlSequenceNode)list).Select(v => v.ToString()) : [];

    [GeneratedRegex("^ *- alert: (\\w+)$", RegexOptions.Multiline)]
    private static partial Regex AlertName();

    [GeneratedRegex("^\\| `(Ebm\\w+)` \\|", RegexOptions.Multiline)]
    private static partial Regex AlertRow();

    [GeneratedRegex(@"^[a-z0-9./-]+:v?[0-9]+\.[0-9]+\.[0-9]+\z")]
    private static partial Regex Pinned();

    [GeneratedRegex(@"(?:endpoint: |url: |"")(?:https?://)?([a-z]+):[0-9]+")]
    private static partial Regex Host();
}
