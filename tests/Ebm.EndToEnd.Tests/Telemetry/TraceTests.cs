using System.Globalization;
using Ebm.Client.Local;
using Ebm.EndToEnd.Tests.Console;
using Ebm.Grains.Telemetry;

namespace Ebm.EndToEnd.Tests.Telemetry;

/// <summary>What three silos and a console send to a collector about a run.</summary>
[Trait("Category", "Long")]
public sealed class TraceTests
{
    [Fact]
    public async Task Submit_ToThreeSilos_SendsCompleteTracesOfItsRoundsAndAllMetricsAndLogs()
    {
        await using var receiver = await OtlpReceiver.Start();
        var variables = new Dictionary<string, string> { ["OTEL_EXPORTER_OTLP_ENDPOINT"] = receiver.Endpoint,
            ["OTEL_METRIC_EXPORT_INTERVAL"] = "200" };
        using var console = new EbmConsole { Variables = variables };
        await using (var cluster = new LocalCluster(new LocalClusterOptions { Silos = 3, SiloEnvironment = variables }))
        {
            await cluster.Start(TestContext.Current.CancellationToken);
            var ended = await console.Run(
                "submit", SmallSpecs.Rbm(console), "--id", "seen", "--cluster", cluster.Address, "--output", "json");
            Assert.True(ended.ExitCode == 0, ended.ToString());
        }

        var spans = receiver.Spans;
        var ids = spans.Select(s => (s.Trace, (string?)s.Id)).ToHashSet();
        Assert.DoesNotContain(spans, s => s.Parent is not null && !ids.Contains((s.Trace, s.Parent)));
        Assert.DoesNotContain(spans, s => s.Name.EndsWith("/Events", StringComparison.Ordinal)
            || s.Name.EndsWith("/Beat", StringComparison.Ordinal));

        // The submit trace: console, control, parameter server, the first round.
        var submit = Assert.Single(spans, s => s.Name == Catalogue.SubmitSpan.Name);
        Assert.Equal(("ebm", null), (submit.Service, submit.Parent));
        var rounds = spans.Where(s => s.Name == Catalogue.RoundSpan.Name).ToDictionary(Round);
        var first = rounds[1];
        Assert.Equal(submit.Trace, first.Trace);
        Assert.Equal(
            [Catalogue.TakeOverSpan.Name, Catalogue.SubmitSpan.Name],
            Above(spans, first).Select(s => s.Name).Where(n => !n.Contains('/', StringComparison.Ordinal)));
        Assert.Equal(4, spans.Where(s => s.Trace == submit.Trace).Select(s => s.Instance).Distinct().Count());
        WholeRound(spans, first, rounds.Values.Single(r => Round(r) == 1).Instance);

        // Of later rounds the first ones and those with a checkpoint, and the chosen ones, each a trace of its own.
        Assert.Superset(new HashSet<long> { 1, 2, 3, 20, 40, 60 }, rounds.Keys.ToHashSet());
        Assert.InRange(rounds.Count, 6, 15);
        foreach (var (number, round) in rounds.Where(r => r.Key > 1))
        {
            Assert.Null(round.Parent);
            Assert.Equal([submit.Trace], round.Links);
            Assert.Single(rounds.Values, r => r.Trace == round.Trace);
            WholeRound(spans, round, first.Instance);
            Assert.Equal(number % 20 == 0, Below(spans, round).Any(s => s.Name == Catalogue.CheckpointSpan.Name));
        }

        AllMetrics(receiver, spans.Select(s => s.Trace).ToHashSet());
        var said = Assert.Single(
            receiver.Logs, l => l.Body.StringValue.StartsWith("Run seen submitted", StringComparison.Ordinal));
        Assert.Equal("seen", OtlpReceiver.Value(said.Attributes, "Run"));
        Assert.Equal(submit.Trace, Convert.ToHexString(said.TraceId.Span));
    }

    /// <summary>A round that diverges is kept though nobody chose it, with what came of it.</summary>
    [Fact]
    public async Task Train_ThatDiverges_SendsTheRoundTheRollbackAndTheTakeOver()
    {
        await using var receiver = await OtlpReceiver.Start();
        using var console = new EbmConsole
        {
            Variables = new Dictionary<string, string> { ["OTEL_EXPORTER_OTLP_ENDPOINT"] = receiver.Endpoint,
                ["EBM_TRACE_RATIO"] = "0" },
        };
        var result = await console.Train(SmallSpecs.Diverging(console));
        var spans = receiver.Spans;
        var rollbacks = spans.Where(s => s.Name == Catalogue.RollbackSpan.Name).ToList();
        Assert.Equal(result.GetProperty("rollbacks").GetInt32(), rollbacks.Count);
        Assert.All(rollbacks, rollback =>
        {
            var round = spans.Single(s => s.Trace == rollback.Trace && s.Id == rollback.Parent);
            Assert.Equal(rollback[Catalogue.Round.Name], round[Catalogue.Round.Name]);
            Assert.Equal(2, round.Span.Status.Code);
            Assert.Equal("failure", round[Catalogue.Reason.Name]);
        });
        Assert.Equal(
            rollbacks.Count,
            spans.Count(s => s.Name == Catalogue.TakeOverSpan.Name && s[Catalogue.Cause.Name] == "rollback"));
    }

    /// <summary>
    /// All metrics but those of what did not happen, as the catalogue has them, and exemplars that lead to a trace.
    /// </summary>
    private static void AllMetrics(OtlpReceiver receiver, HashSet<string> traces)
    {
        var sent = receiver.Metrics.GroupBy(m => m.Key.Name)
            .ToDictionary(g => g.Key, g => g.Select(m => m.Value).ToList());
        MetricEntry[] absent = [Catalogue.AcceptanceShare, Catalogue.RHat, Catalogue.Ess, Catalogue.Refused];
        Assert.Equal(
            Catalogue.Metrics.Except(absent).Select(m => (m.Name, m.Unit)).Order(),
            sent.Where(m => m.Key.StartsWith("ebm.", StringComparison.Ordinal)
                || m.Key.StartsWith("db.", StringComparison.Ordinal))
                .Select(m => (m.Key, m.Value[0].Unit)).Order());
        Assert.Equal(60, sent[Catalogue.Rounds.Name].Sum(m => m.Sum.Points.Sum(p => p.AsInt)));
        Assert.Equal(60, (int)sent[Catalogue.RoundDuration.Name]
            .Sum(m => (long)m.Histogram.Points.Sum(p => (decimal)p.Count)));
        var exemplars = sent[Catalogue.UpdateDuration.Name].SelectMany(m => m.Histogram.Points)
            .SelectMany(p => p.Exemplars);
        Assert.Contains(exemplars, e => traces.Contains(Convert.ToHexString(e.TraceId.Span)));
        Assert.Contains(sent.Keys, name => name.StartsWith("orleans-", StringComparison.Ordinal));
        Assert.Contains(sent.Keys, name => name.StartsWith("dotnet.", StringComparison.Ordinal));
    }

    /// <summary>A round's span, and below it what a round consists of, each part where it was done.</summary>
    private static void WholeRound(IReadOnlyList<ReceivedSpan> spans, ReceivedSpan round, string server)
    {
        Assert.Equal("seen", round[Catalogue.Run.Name]);
        Assert.NotEmpty(round[Catalogue.Gap.Name]);
        var below = Below(spans, round).ToList();
        foreach (var name in new[] { Catalogue.UpdateSpan.Name, Catalogue.PublishSpan.Name })
        {
            var part = Assert.Single(below, s => s.Name == name);
            Assert.Equal((round.Id, server), (part.Parent, part.Instance));
        }

        var advances = below.Where(s => s.Name == Catalogue.AdvanceSpan.Name).ToList();
        Assert.Equal(["0", "1", "2"], advances.Select(a => a[Catalogue.Shard.Name]).Order());
        Assert.All(advances, a => Assert.Equal((round.Id, server), (a.Parent, a.Instance)));
        var computed = advances.ConvertAll(advance =>
        {
            var parts = Below(spans, advance).ToList();
            var sample = Assert.Single(parts, s => s.Name == Catalogue.SampleSpan.Name);
            Assert.Equal(
                ("cpu", "gibbs", "1"),
                (sample[Catalogue.Device.Name], sample[Catalogue.Sampler.Name], sample[Catalogue.Steps.Name]));
            var commit = Assert.Single(parts, s => s.Name == Catalogue.ReplayCommitSpan.Name);
            Assert.Equal(("redis", "127.0.0.1"), (commit[Catalogue.Database.Name], commit[Catalogue.Server.Name]));
            Assert.Equal(sample.Instance, commit.Instance);
            return sample.Instance;
        });
        Assert.Equal(3, computed.Distinct().Count());
    }

    private static long Round(ReceivedSpan span) =>
        long.Parse(span[Catalogue.Round.Name], CultureInfo.InvariantCulture);

    private static IEnumerable<ReceivedSpan> Below(IReadOnlyList<ReceivedSpan> spans, ReceivedSpan span) =>
        spans.Where(s => s.Trace == span.Trace && s.Parent == span.Id).SelectMany(s => Below(spans, s).Prepend(s));

    private static IEnumerable<ReceivedSpan> Above(IReadOnlyList<ReceivedSpan> spans, ReceivedSpan span)
    {
        for (var above = span; above.Parent is not null;)
        {
            above = spans.Single(s => s.Trace == span.Trace && s.Id == above.Parent);
            yield return above;
        }
    }
}
