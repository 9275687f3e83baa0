using System.Diagnostics;
using Ebm.Client.Chaos;
using Ebm.Client.Local;
using Ebm.Client.Remote;
using Ebm.Configuration.Reading;
using Ebm.Contracts.Cluster;
using Ebm.Contracts.Runs;
using Ebm.Core;
using Ebm.Core.Spec;

namespace Ebm.Client.Benchmarks;

/// <summary>A cluster on this machine whose CPU time is measured.</summary>
internal sealed class MeasuredCluster : IAsyncDisposable
{
    private static readonly TimeSpan RunTimeout = TimeSpan.FromMinutes(30);

    // The last telemetry of a run is sent this long after its end.
    private static readonly TimeSpan ExportDelay = TimeSpan.FromSeconds(2);

    // More than two export intervals of metrics: code that a process compiles once is then compiled.
    private static readonly TimeSpan WarmUpTime = TimeSpan.FromSeconds(40);

    private readonly LocalCluster _cluster;
    private readonly ClusterConnection _connection;
    private readonly long _started = TimeProvider.System.GetTimestamp();

    private MeasuredCluster(LocalCluster cluster, ClusterConnection connection) =>
        (_cluster, _connection) = (cluster, connection);

    /// <summary>Starts a cluster; its silos send telemetry to the collector, if one is given.</summary>
    public static async Task<MeasuredCluster> Start(int silos, string? collector, CancellationToken cancel)
    {
        var cluster = new LocalCluster(new LocalClusterOptions
        {
            Silos = silos,
            SiloEnvironment = new Dictionary<string, string> { ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector ?? "" },
        });
        try
        {
            await cluster.Start(cancel);
            var name = new ClusterName(
                ClusterAddress.Parse(cluster.Address), IsOption: false, TimeSpan.FromSeconds(30));
            return new MeasuredCluster(cluster, await ClusterConnection.Open(name, verbose: false));
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs a spec, and waits until all code has been compiled: one-time costs are not measured.</summary>
    public async Task WarmUp(RunSpec spec, TimeProvider time, CancellationToken cancel)
    {
        await Measure("warm-up", spec, time, cancel);
        var left = WarmUpTime - time.GetElapsedTime(_started);
        if (left > TimeSpan.Zero)
        {
            await Task.Delay(left, time, cancel);
        }
    }

    /// <summary>
    /// Runs a spec to its end. Returns the result, and the CPU time of all silos from the submission until the
    /// telemetry has been sent.
    /// </summary>
    /// <exception cref="EbmException">The run fails.</exception>
    public async Task<(TimeSpan Cpu, RunResult Result)> Measure(
        string id, RunSpec spec, TimeProvider time, CancellationToken cancel)
    {
        var before = SumCpuTime();
        var run = new RemoteRun(_connection, id);
        await run.Submit(new RunSubmission(SpecJson.Write(spec), SpecJson.Digest(spec)));
        await using var progress = new RunProgress(run.Grain, time);
        progress.Start();
        await progress.End(RunTimeout, cancel);
        var status = await run.Status();
        if (status is not { State: RunState.Succeeded, Result: { } result })
        {
            throw new EbmException($"run {id} {status.State.ToString().ToLowerInvariant()}: {status.Reason}");
        }

        await Task.Delay(ExportDelay, time, cancel);
        return (SumCpuTime() - before, result);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _connection.DisposeAsync();
        await _cluster.DisposeAsync();
    }

    private TimeSpan SumCpuTime() => _cluster.Silos.Aggregate(TimeSpan.Zero, (sum, silo) =>
    {
        using var process = Process.GetProcessById(silo.Process);
        return sum + process.TotalProcessorTime;
    });
}
