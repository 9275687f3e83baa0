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

/// <summary>A cluster on this machine of which the CPU time is measured.</summary>
internal sealed class MeasuredCluster : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(30), Settling = TimeSpan.FromSeconds(2),
        WarmingUp = TimeSpan.FromSeconds(40);

    private readonly LocalCluster _cluster;
    private readonly ClusterConnection _connection;
    private readonly long _started = TimeProvider.System.GetTimestamp();

    private MeasuredCluster(LocalCluster cluster, ClusterConnection connection) =>
        (_cluster, _connection) = (cluster, connection);

    /// <summary>Starts one; with a collector the silos send to it.</summary>
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

    /// <summary>
    /// Runs a spec, and waits until metrics have been sent more than twice: what a process compiles once is no part of
    /// a cost that goes on.
    /// </summary>
    public async Task WarmUp(RunSpec spec, TimeProvider time, CancellationToken cancel)
    {
        await Measure("warm-up", spec, time, cancel);
        var left = WarmingUp - time.GetElapsedTime(_started);
        if (left > TimeSpan.Zero)
        {
            await Task.Delay(left, time, cancel);
        }
    }

    /// <summary>
    /// Runs a spec to its end; returns the CPU time of all silos from the submit until a moment after the end, and the
    /// result.
    /// </summary>
    /// <exception cref="EbmException">The run fails.</exception>
    public async Task<(TimeSpan Cpu, RunResult Result)> Measure(
        string id, RunSpec spec, TimeProvider time, CancellationToken cancel)
    {
        var before = Cpu();
        var run = new RemoteRun(_connection, id);
        await run.Submit(new RunSubmission(SpecJson.Write(spec), SpecJson.Digest(spec)));
        await using var progress = new RunProgress(run.Grain, time);
        progress.Start();
        await progress.End(Patience, cancel);
        var status = await run.Status();
        if (status is not { State: RunState.Succeeded, Result: { } result })
        {
            throw new EbmException($"run {id} {status.State.ToString().ToLowerInvariant()}: {status.Reason}");
        }

        // What telemetry has gathered is sent a little later.
        await Task.Delay(Settling, time, cancel);
        return (Cpu() - before, result);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _connection.DisposeAsync();
        await _cluster.DisposeAsync();
    }

    private TimeSpan Cpu() => _cluster.Silos.Aggregate(TimeSpan.Zero, (sum, silo) =>
    {
        using var process = Process.GetProcessById(silo.Process);
        return sum + process.TotalProcessorTime;
    });
}
