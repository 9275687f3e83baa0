namespace Ebm.Grains.Telemetry;

/// <summary>Kinds of instrument.</summary>
internal enum MetricKind
{
    /// <summary>Only goes up.</summary>
    Counter,

    /// <summary>Goes up and down; looked at when metrics are collected.</summary>
    Gauge,

    /// <summary>The distribution of the recorded values.</summary>
    Histogram,
}

/// <summary>A metric.</summary>
/// <param name="Name">Its name, as OpenTelemetry has it.</param>
/// <param name="Kind">What kind of instrument it is.</param>
/// <param name="Unit">Its unit in UCUM; a counted thing is in braces.</param>
/// <param name="Description">What it says.</param>
/// <param name="Attributes">The attributes that it has.</param>
internal sealed record MetricEntry(
    string Name, MetricKind Kind, string Unit, string Description, IReadOnlyList<AttributeEntry> Attributes)
{
    /// <summary>
    /// Its name at a scrape endpoint: of a histogram without <c>_bucket</c>, <c>_sum</c>, <c>_count</c>.
    /// </summary>
    public string ScrapeName
    {
        get
        {
            var name = Name.Replace('.', '_');
            var suffix = Unit switch
            {
                "s" => "_seconds",
                "By" => "_bytes",
                _ => "",
            };
            name = name.EndsWith(suffix, StringComparison.Ordinal) ? name : name + suffix;
            return Kind == MetricKind.Counter ? name + "_total" : name;
        }
    }
}

/// <summary>A span of a trace.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Description">The operation, and the parent span.</param>
/// <param name="Attributes">The attributes that it has.</param>
internal sealed record SpanEntry(string Name, string Description, IReadOnlyList<AttributeEntry> Attributes);

/// <summary>An attribute of spans or metrics.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Description">What it says, and the values that it can have where they are few.</param>
internal sealed record AttributeEntry(string Name, string Description);

/// <summary>A meter of a library whose metrics a silo sends with its own.</summary>
/// <param name="Name">The meter's name.</param>
/// <param name="Description">What it measures.</param>
/// <param name="Used">Those of its metrics that dashboards and rules here read, by their names at a scrape
/// endpoint.</param>
internal sealed record ForeignMeter(string Name, string Description, IReadOnlyList<string> Used);
