using Ebm.Client.Output;
using Ebm.Client.Progress;

namespace Ebm.Client.Runs;

/// <summary>A run's page for a person.</summary>
internal static class StatusText
{
    /// <summary>Names and values; unknown values are left out.</summary>
    public static IReadOnlyList<(string Name, string Value)> Of(StatusPage page)
    {
        var status = page.Status;
        (string Name, string? Value)[] pairs =
        [
            ("run", status.Id),
            ("state", page.State),
            ("waiting for", status.IsUnfinished ? status.Waiting : null),
            ("reason", status.Reason),
            ("round", HumanFormat.Of($"{page.Round} of {(status.Rounds == 0 ? "?" : status.Rounds)}")),
            ("seconds", HumanFormat.Of($"{status.Seconds:0.0}")),
            ("attempt", HumanFormat.Of($"{status.Attempt}")),
            .. status.Rollbacks.Select(r => ("went back",
                (string?)HumanFormat.Of(
                    $"from round {r.Violation.Round} to {r.Base}, attempt {r.Attempt}: {r.Violation}"))),
            ("epoch", HumanFormat.Of($"{status.Epoch}")),
            ("servers", status.Servers == 0 ? null : HumanFormat.Of($"{status.Servers}")),
            ("submitted", HumanFormat.Time(status.Submitted)),
            ("updated", HumanFormat.Time(status.Updated)),
            ("started from", status.Lineage is { } l ? HumanFormat.Of($"{l.Run}, round {l.Round}") : null),
            ("spec sha256", status.SpecDigest),
            ("data sha256", status.Pins?.DataDigest),
            ("module sha256", status.Pins?.ModuleDigest),
            ("numerics", status.Pins?.Numerics),
            ("needs", status.Needs is { } needs ? $"{needs.Device} lanes" : null),
            .. (status.Latest is { } latest ? RoundMetricNames.Of(latest.Figures) : [])
            .Select(f => (f.Name, (string?)f.Value)),
            ("checkpoints", page.Checkpoints switch
            {
                null => "not known: the stores do not answer",
                [] => "none",
                var some => string.Join(" ", some.Select(c => HumanFormat.Of($"{c.Round}"))),
            }),
            ("slots", page.Slots?.ToString()),
            ("storage", page.Storage is { } storage ? $"{HumanFormat.Size(storage.Bytes)} in {storage.Where}" : null),
            ("parameters sha256", status.Result?.ParametersSha256),
            ("state sha256", status.Result?.StateSha256),
            .. (status.Result?.Evaluation ?? new Dictionary<string, double>())
            .Select(e => (e.Key, (string?)HumanFormat.Number(e.Value))),
            ("samples", page.Samples),
            ("directory", page.Directory),
        ];
        return [.. pairs.Where(p => p.Value is not null).Select(p => (p.Name, p.Value!))];
    }
}
