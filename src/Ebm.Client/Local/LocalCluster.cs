using System.Threading.Channels;
using Ebm.Client.Access;
using Ebm.Client.Local.Processes;
using Ebm.Contracts.Cluster;
using Ebm.Core;

namespace Ebm.Client.Local;

/// <summary>
/// A cluster on this machine: Redis and silos, each a process, supervised by this process. A process that ends is
/// restarted. If this process ends, even by kill -9, they end too: silos first, so that they can leave the cluster,
/// Redis last.
/// </summary>
internal sealed class LocalCluster(LocalClusterOptions options, TimeProvider? time = null) : IAsyncDisposable
{
    private readonly TimeProvider _time = time ?? TimeProvider.System;
    private readonly LocalEvents _events = new();
    private readonly Lock _gate = new();
    private readonly List<SiloProcess> _silos = [];
    private ClusterFolder? _folder;
    private Watchdog? _watchdog;
    private RedisProcess? _redis;
    private SiloHost? _host;
    private string? _token;
    private bool _failed, _disposed;
    private int _number = options.Silos;

    /// <summary>Its address, with the password: <c>redis://:PASSWORD@127.0.0.1:PORT/ID</c>.</summary>
    public string Address => $"{Redis.Url}/{options.Id}";

    /// <summary>The file with its address, which only this user can read.</summary>
    public string AddressFile => Started(_folder).Address;

    /// <summary>The URL of its pages; null if it serves none.</summary>
    public string? Pages => options.PagesPort is { } port ? $"http://127.0.0.1:{port}/?token={_token}" : null;

    /// <summary>The folder with Redis' data and the logs.</summary>
    public string Folder => Started(_folder).Path;

    /// <summary>Its Redis.</summary>
    public RedisProcess Redis => Started(_redis);

    /// <summary>Its silos, without removed ones.</summary>
    public IReadOnlyList<SiloProcess> Silos
    {
        get
        {
            lock (_gate)
            {
                return [.. _silos];
            }
        }
    }

    /// <summary>Whether silos that end are restarted. Switching it on also restarts those that ended before.</summary>
    public bool AutoRestart
    {
        get => Started(_host).Gate.Open;
        set => Started(_host).Gate.Open = value;
    }

    /// <summary>All events from now on, until the cluster has ended.</summary>
    public ChannelReader<LocalEvent> Subscribe() => _events.Subscribe();

    /// <summary>Starts all processes, and returns when all silos are members.</summary>
    /// <exception cref="InputException">The options are invalid.</exception>
    /// <exception cref="EbmException">A process cannot run, or takes too long to start.</exception>
    public async Task Start(CancellationToken cancel = default)
    {
        options.Check();
        var silo = options.SiloProgram ?? Programs.Silo();
        var redis = await Programs.Redis();
        var folder = new ClusterFolder(options.Folder);
        _watchdog = await Watchdog.Start(folder.Path, folder.Lock);
        _folder = folder;
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        deadline.CancelAfter(options.StartTime);
        try
        {
            var port = options.Port != 0 ? options.Port : FreePorts.Next();
            _redis = new RedisProcess(redis, _folder.Redis, port, RedisFiles.NewPassword(), _time, _watchdog, _events);
            await _redis.WaitUntilReady(deadline.Token);
            PrivateFile.Write(_folder.Address, Address + "\n");
            _token = LocalAccess.Create(_folder, options.Id);
            TokenFile.Store(ClusterAddress.Parse(Address), _token);
            _host = new SiloHost
            {
                Program = silo,
                Address = Address,
                Folder = _folder.Path,
                Keys = _folder.Keys,
                Checkpoints = options.Checkpoints is { } checkpoints ? Path.GetFullPath(checkpoints) : "redis",
                Environment = options.SiloEnvironment,
                StopTime = options.StopTime,
                Dashboard = options.PagesPort is not null,
                Watchdog = _watchdog,
                Events = _events,
                Gate = new RestartGate(_time),
            };
            foreach (var plan in SiloPlan.Of(options))
            {
                Add(plan);
            }

            foreach (var one in Silos)
            {
                await one.FirstReady.WaitAsync(deadline.Token);
            }
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            _failed = true;
            var missing = Silos.Where(s => s.State != SiloState.Ready).Select(s => $"{s.Name} ({s.Log})")
                .DefaultIfEmpty($"redis ({_redis?.Log})");
            throw new EbmException(
                $"the cluster is not ready after {options.StartTime.TotalSeconds:0} s. "
                + $"Not ready, with their logs: {string.Join(", ", missing)}.");
        }
        catch (EbmException)
        {
            _failed = true;
            throw;
        }
    }

    /// <summary>Kills a silo (SIGKILL); false if it has no process now.</summary>
    public bool Kill(string name) => Silo(name).Kill();

    /// <summary>
    /// Ends the process of a silo gracefully, and waits for its end. It is restarted like one that died.
    /// </summary>
    public Task Stop(string name) => Silo(name).Stop();

    /// <summary>Pauses the process of a silo (SIGSTOP); false if it is not ready.</summary>
    public bool Pause(string name) => Silo(name).Pause();

    /// <summary>Resumes a paused silo.</summary>
    public bool Resume(string name) => Silo(name).Resume();

    /// <summary>Arms a fault: the silo fails when it reaches a point. False if the silo is not ready.</summary>
    /// <param name="name">The silo.</param>
    /// <param name="point">A fault point of the silo, such as <c>before-commit</c>.</param>
    /// <param name="act"><c>kill</c> or <c>pause</c>.</param>
    public bool Arm(string name, string point, string act) => Silo(name).SendCommand($"arm {point} {act}");

    /// <summary>Disarms an armed fault.</summary>
    public bool Disarm(string name) => Silo(name).SendCommand("disarm");

    /// <summary>Adds a silo with lanes, and returns when it is a member.</summary>
    public async Task<SiloProcess> AddSilo(int lanes = 1, CancellationToken cancel = default)
    {
        var silo = Add(SiloPlan.WithLanes(options, Interlocked.Increment(ref _number), lanes));
        await silo.FirstReady.WaitAsync(cancel);
        return silo;
    }

    /// <summary>Removes a silo gracefully; it is not restarted.</summary>
    public async Task RemoveSilo(string name)
    {
        var silo = Silo(name);
        await silo.Remove();
        lock (_gate)
        {
            _silos.Remove(silo);
        }
    }

    /// <summary>Kills all processes at once.</summary>
    public void Quit()
    {
        foreach (var silo in Silos)
        {
            silo.Quit();
        }

        _redis?.Quit();
        CleanUp(keep: false);
    }

    /// <summary>Ends all processes gracefully: silos first, Redis last.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, true))
        {
            return;
        }

        // A leaving silo hands its runs over to a silo of the role control, so these leave last.
        var silos = Silos.ToLookup(silo => silo.Lanes > 0);
        await Task.WhenAll(silos[true].Select(silo => silo.Remove()));
        await Task.WhenAll(silos[false].Select(silo => silo.Remove()));
        await (_redis?.Stop() ?? Task.CompletedTask);
        _watchdog?.Dispose();
        CleanUp(keep: _failed);
        _events.Complete();
    }

    private void CleanUp(bool keep)
    {
        _folder?.CleanUp(keep);
        if (_redis is not null)
        {
            TokenFile.Remove(ClusterAddress.Parse(Address));
        }
    }

    private SiloProcess Add(SiloPlan plan)
    {
        lock (_gate)
        {
            var silo = new SiloProcess(plan, Started(_host));
            _silos.Add(silo);
            return silo;
        }
    }

    private SiloProcess Silo(string name) => Silos.FirstOrDefault(s => s.Name == name)
        ?? throw new EbmException(
            $"silo '{name}' does not exist. Existing silos: {string.Join(", ", Silos.Select(s => s.Name))}.");

    private static T Started<T>(T? part) =>
        part ?? throw new InvalidOperationException("the cluster has not been started. Call Start first.");
}
