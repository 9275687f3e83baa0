using System.Text.RegularExpressions;
using Ebm.EndToEnd.Tests.Console;
using Ebm.Grains.Telemetry;

namespace Ebm.EndToEnd.Tests.Telemetry;

/// <summary>The catalogue of names, and all that is to agree with it.</summary>
public sealed partial class CatalogueTests : IDisposable
{
    private readonly EbmConsole _console = new();

    [Fact]
    public async Task Page_OfTelemetry_IsTheOutputOfTheProgram()
    {
        var written = await _console.Run("telemetry");
        Assert.True(
            written.Output == await File.ReadAllTextAsync(
                Path.Combine(Repository.Root, "docs", "telemetry.md"), TestContext.Current.CancellationToken),
            "docs/telemetry.md is not what the program says: ./ebm telemetry > docs/telemetry.md");
    }

    [Fact]
    public void Metrics_OfTheCatalogue_HaveDistinctNamesOfTheirSpaceAndUnitsOfUcum()
    {
        Assert.Equal(Catalogue.Metrics.Count, Catalogue.Metrics.Select(m => m.Name).Distinct().Count());
        Assert.All(Catalogue.Metrics, m => Assert.Matches(Name(), m.Name));
        Assert.All(Catalogue.Metrics, m => Assert.Matches(Unit(), m.Unit));
        Assert.All(Catalogue.Metrics, m => Assert.EndsWith(".", m.Description, StringComparison.Ordinal));
    }

    /// <summary>An instrument or a source that is made elsewhere would have a name that is in no list.</summary>
    [Fact]
    public void Instruments_InTheSources_AreMadeFromTheCatalogueAlone() => Assert.DoesNotContain(
        Directory.EnumerateFiles(Path.Combine(Repository.Root, "src"), "*.cs", SearchOption.AllDirectories),
        path => !path.Contains("/Ebm.Grains/Telemetry/", StringComparison.Ordinal)
            && Makers().IsMatch(File.ReadAllText(path)));

    /// <summary>A run's id on anything but the training gauges would make series without bound.</summary>
    [Fact]
    public void Metrics_WithARunsId_AreGauges()
    {
        Assert.All(
            Catalogue.Metrics.Where(m => m.Attributes.Contains(Catalogue.Run)),
            m => Assert.Equal(MetricKind.Gauge, m.Kind));
        Assert.DoesNotContain(
            Catalogue.Metrics.SelectMany(m => m.Attributes),
            a => a == Catalogue.Shard || a == Catalogue.Round || a == Catalogue.Epoch || a == Catalogue.Silo);
    }

    /// <summary>
    /// What a dashboard or a rule asks for is a metric or an attribute of the catalogue, or what a rule records.
    /// </summary>
    [Fact]
    public void Queries_OfDashboardsAndAlerts_NameOnlyExistingMetrics()
    {
        var recorded = ObservabilityFiles.OfRules().Select(r => r.Record).OfType<string>();
        var known = Catalogue.Metrics.SelectMany(Scraped)
            .Concat(Catalogue.Attributes.Select(a => a.Name.Replace('.', '_')))
            .Concat(Catalogue.Foreign.SelectMany(m => m.Used)).Concat(recorded).ToHashSet();
        var queries = ObservabilityFiles.OfDashboards().Concat(ObservabilityFiles.OfRules().Select(r => r.Query))
            .ToList();
        Assert.All(queries, query => Assert.All(ObservabilityFiles.Names(query), name => Assert.True(
            known.Contains(name), $"{query.Place}: there is no {name}")));

        // And nothing of libraries is listed that nobody uses.
        var used = queries.SelectMany(ObservabilityFiles.Names).ToHashSet();
        Assert.All(Catalogue.Foreign.SelectMany(m => m.Used), name => Assert.Contains(name, used));
    }

    public void Dispose() => _console.Dispose();

    private static IEnumerable<string> Scraped(MetricEntry metric) => metric.Kind == MetricKind.Histogram
        ? [metric.ScrapeName + "_bucket", metric.ScrapeName + "_sum", metric.ScrapeName + "_count"]
        : [metric.ScrapeName];

    [GeneratedRegex(
        @"\bnew (Meter|ActivitySource)\b|\b(Meter|ActivitySource) \w+ = new\("
        + @"|\.Create(Counter|Histogram|ObservableGauge)\b")]
    private static partial Regex Makers();

    [GeneratedRegex(@"^(ebm|db)(\.[a-z]+(_[a-z]+)*)+\z")]
    private static partial Regex Name();

    [GeneratedRegex(@"^(s|By|\{[a-z]+\})\z")]
    private static partial Regex Unit();
}
