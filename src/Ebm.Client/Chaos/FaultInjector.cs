using System.Threading.Channels;
using Ebm.Client.Local;
using Ebm.Client.Remote;

namespace Ebm.Client.Chaos;

/// <summary>Injects the faults of a plan into a local cluster.</summary>
internal sealed class FaultInjector(
    LocalCluster cluster, ClusterConnection connection, RemoteRun run, TimeProvider time)
{
    /// <summary>Longer than it takes to declare a silo dead that does not answer.</summary>
    public static readonly TimeSpan PauseTime = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan
        ReachTime = TimeSpan.FromSeconds(20), RedisPauseTime = TimeSpan.FromSeconds(8),
        AwayTime = TimeSpan.FromSeconds(60);

    /// <summary>
    /// Lets a fault happen; returns as soon as it has, with what is still to be undone. Null: the run has ended before.
    /// </summary>
    public async Task<Injection?> Inject(PlannedFault fault, CancellationToken cancel)
    {
        if (await Where() is not var (server, round))
        {
            return null;
        }

        var injection = fault.Kind switch
        {
            FaultKind.Kill => await AtPoint(Pick(fault, s => s.Lanes > 0), fault.Point!, "kill", server, cancel),
            FaultKind.KillServer => await AtPoint(server, fault.Point, "kill", server, cancel),
            FaultKind.KillControl =>
                await AtPoint(
                    Pick(fault, s => s.Roles.Contains("control", StringComparison.Ordinal)), null, "kill", server,
                    cancel),
            FaultKind.KillInRewind => await InRewind(fault, server, cancel),
            FaultKind.Pause => await AtPoint(Pick(fault, s => s.Lanes > 0), fault.Point!, "pause", server, cancel),
            FaultKind.PauseServer => await AtPoint(server, fault.Point, "pause", server, cancel),
            _ => await OfRedis(fault.Kind, cancel),
        };
        return injection with { Round = Math.Max(round, injection.Round) };
    }

    /// <summary>
    /// The silo that the run's parameter server is on, by name, and the newest round; null if the run has ended.
    /// </summary>
    private async Task<(string Server, long Round)?> Where()
    {
        while (true)
        {
            var status = await run.Status();
            if (!status.IsUnfinished)
            {
                return null;
            }

            var silo = (await connection.Silos()).FirstOrDefault(s => s.Address == status.ServerSilo)?.Name;
            if (silo is not null && cluster.Silos.Any(s => s.Name == silo && s.State == SiloState.Ready))
            {
                return (silo, status.Round);
            }

            await Task.Delay(TimeSpan.FromMilliseconds(200), time);
        }
    }

    private string Pick(PlannedFault fault, Func<SiloProcess, bool> may)
    {
        var silos = cluster.Silos.Where(s => s.State == SiloState.Ready && may(s)).ToArray();
        return silos.Length > 0 ? silos[fault.Choice % silos.Length].Name : cluster.Silos[0].Name;
    }

    private async Task<Injection> AtPoint(
        string silo, string? point, string act, string server, CancellationToken cancel)
    {
        var events = cluster.Subscribe();
        var was = silo == server;
        if (point is not null && cluster.Arm(silo, point, act))
        {
            if (await Reached(events, silo, cancel) is { } reached)
            {
                return Done(silo, act, was, null) with { Round = reached.Round };
            }

            cluster.Disarm(silo);
        }

        var happened = act == "kill" ? cluster.Kill(silo) : cluster.Pause(silo);
        return Done(silo, act, was, point is null
            ? null
            : $"{point} was not reached") with { Kills = happened ? 1 : 0 };
    }

    /// <summary>
    /// A silo that is to put shards back dies as it begins to: the server that would have it do so has just died.
    /// </summary>
    private async Task<Injection> InRewind(PlannedFault fault, string server, CancellationToken cancel)
    {
        var events = cluster.Subscribe();
        var other = Pick(fault, s => s.Lanes > 0 && s.Name != server);
        cluster.Arm(other, "in-rewind", "kill");
        var now = time.GetUtcNow();
        cluster.Kill(server);
        var reached = other != server && await Reached(events, other, cancel) is not null;
        cluster.Disarm(other);
        return new Injection(
            $"{server}, {other}", reached ? 2 : 1, now, true, reached ? null : "no shard was put back there", null);
    }

    private async Task<Injection> OfRedis(FaultKind kind, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        switch (kind)
        {
            case FaultKind.RedisRestart:
                cluster.Redis.Kill();
                break;
            case FaultKind.RedisPause:
                cluster.Redis.Pause();
                await Task.Delay(RedisPauseTime, time, cancel);
                cluster.Redis.Resume();
                break;
            case FaultKind.RedisAway:
                cluster.Redis.AutoRestart = false;
                cluster.Redis.Kill();
                await Task.Delay(AwayTime, time, cancel);
                cluster.Redis.AutoRestart = true;
                break;
            default:
                await cluster.Redis.CutLog(TimeSpan.FromSeconds(1), cancel);
                break;
        }

        return new Injection("redis", 1, now, false, null, null);
    }

    private Injection Done(string silo, string act, bool wasServer, string? note)
    {
        var now = time.GetUtcNow();
        return new Injection(silo, 1, now, wasServer, note, act == "kill" ? null : async cancel =>
        {
            var left = now + PauseTime - time.GetUtcNow();
            await Task.Delay(left > TimeSpan.Zero ? left : TimeSpan.Zero, time, cancel);
            cluster.Resume(silo);
        });
    }

    /// <summary>Waits until the fault that was armed happens to a silo; null if it does not.</summary>
    private static async Task<FaultReached?> Reached(
        ChannelReader<LocalEvent> events, string silo, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(ReachTime);
        try
        {
            await foreach (var e in events.ReadAllAsync(limit.Token))
            {
                if (e.Name == silo && e.Fault is { } fault)
                {
                    return fault;
                }
            }
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            // The silo has no such work now, or is too busy with other work.
        }

        return null;
    }
}

/// <summary>A fault that has begun.</summary>
/// <param name="Target">The process that it happened to.</param>
/// <param name="Kills">Processes that died or were stopped.</param>
/// <param name="At">When.</param>
/// <param name="WasServer">Whether the parameter server was there.</param>
/// <param name="Note">What was not as planned.</param>
/// <param name="Undo">Ends it, where it does not end by itself.</param>
internal sealed record Injection(
    string Target, int Kills, DateTimeOffset At, bool WasServer, string? Note, Func<CancellationToken, Task>? Undo)
{
    /// <summary>The newest round that is known of then.</summary>
    public long Round { get; init; }
}
