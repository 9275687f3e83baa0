using System.Threading.Channels;
using Ebm.Client.Access;
using Ebm.Client.Local.Processes;
using Ebm.Contracts.Cluster;
using Ebm.Core;

namespace Ebm.Client.Local;

/// <summary>
/// A cluster on this machine: a Redis and some silos, each a process, watched over by this one. What ends is started
/// again; when this process ends, however it does, they end too: silos first, so that they can leave, Redis last.
/// </summary>
public sealed class LocalCluster(LocalClusterOptions options, TimeProvider? time = null) : IAsyncDisposable
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

    /// <summary>Where its pages are; null where it serves none.</summary>
    public string? Pages => options.PagesPort is { } port ? $"http://127.0.0.1:{port}/?token={_token}" : null;

    /// <summary>The folder with Redis' data and the logs.</summary>
    public string Folder => Started(_folder).Path;

    /// <summary>Its Redis.</summary>
    public RedisProcess Redis => Started(_redis);

    /// <summary>Its silos, those that were removed left out.</summary>
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

    /// <summary>Whether silos that end are started again; what ended meanwhile is when it is switched on.</summary>
    public bool AutoRestart
    {
        get => Started(_host).Gate.Open;
        set => Started(_host).Gate.Open = value;
    }

    /// <summary>Everything that happens from now on, until the cluster has ended.</summary>
    public ChannelReader<LocalEvent> Subscribe() => _events.Subscribe();

    /// <summary>Starts everything, and returns when all silos are members.</summary>
    /// <exception cref="InputException">The options cannot be.</exception>
    /// <exception cref="EbmException">Something cannot run, or takes too long.</exception>
    public async Task Start(CancellationToken cancel = default)
    {
        options.Check();
        var silo = options.SiloProgram ?? Programs.Silo();
        var redis = await Programs.Redis();
        var folder = new ClusterFolder(options.Folder);
        _watchdog = await Watchdog.Start(folder.Path, folder.Lock);
        _folder = folder;
        using var time = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        time.CancelAfter(options.StartTime);
        try
        {
            var port = options.Port != 0 ? options.Port : FreePorts.Next();
            _redis = new RedisProcess(redis, _folder.Redis, port, RedisFiles.NewPassword(), _time, _watchdog, _events);
            await _redis.Ready(time.Token);
            PrivateFile.Write(_folder.Address, Address + "\n");
            _token = LocalAccess.Begin(_folder, options.Id);
            TokenFile.Leave(ClusterAddress.Parse(Address), _token);
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
                await one.FirstReady.WaitAsync(time.Token);
            }
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            _failed = true;
            var missing = Silos.Where(s => s.State != SiloState.Ready).Select(s => $"{s.Name} ({s.Log})")
                .DefaultIfEmpty($"redis ({_redis?.Log})");
            throw new EbmException($"not everything was ready after {options.StartTime.TotalSeconds:0} s; missing: "
                + $"{string.Join(", ", missing)}.");
        }
        catch (EbmException)
        {
            _failed = true;
            throw;
        }
    }

    /// <summary>Kills a silo (-9); false if it has no process now.</summary>
    public bool Kill(string name) => Silo(name).Kill();

    /// <summary>
    /// Lets a silo's process end gracefully, and returns when it has. It is started again like one that died.
    /// </summary>
    public Task Stop(string name) => Silo(name).Stop();

    /// <summary>Stops a silo's process where it is (SIGSTOP); false if it is not ready.</summary>
    public bool Pause(string name) => Silo(name).Pause();

    /// <summary>Lets a paused silo go on.</summary>
    public bool Resume(string name) => Silo(name).Resume();

    /// <summary>Makes a silo fail at a point; false if it is not ready.</summary>
    /// <param name="name">The silo.</param>
    /// <param name="point">A point that the silo knows, such as <c>before-commit</c>.</param>
    /// <param name="act"><c>kill</c> or <c>pause</c>.</param>
    public bool Arm(string name, string point, string act) => Silo(name).Say($"arm {point} {act}");

    /// <summary>Takes an armed fault back.</summary>
    public bool Disarm(string name) => Silo(name).Say("disarm");

    /// <summary>Adds a silo with lanes, and returns when it is a member.</summary>
    public async Task<SiloProcess> AddSilo(int lanes = 1, CancellationToken cancel = default)
    {
        var silo = Add(SiloPlan.Another(options, Interlocked.Increment(ref _number), lanes));
        await silo.FirstReady.WaitAsync(cancel);
        return silo;
    }

    /// <summary>Takes a silo out gracefully, for good.</summary>
    public async Task RemoveSilo(string name)
    {
        var silo = Silo(name);
        await silo.Remove();
        lock (_gate)
        {
            _silos.Remove(silo);
        }
    }

    /// <summary>Kills everything at once.</summary>
    public void Quit()
    {
        foreach (var silo in Silos)
        {
            silo.Quit();
        }

        _redis?.Quit();
        Leave(keep: false);
    }

    /// <summary>Ends everything: silos first, Redis last.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, true))
        {
            return;
        }

        // A silo that leaves hands its runs over, for which it needs one that controls.
        var silos = Silos.ToLookup(silo => silo.Lanes > 0);
        await Task.WhenAll(silos[true].Select(silo => silo.Remove()));
        await Task.WhenAll(silos[false].Select(silo => silo.Remove()));
        await (_redis?.Stop() ?? Task.CompletedTask);
        _watchdog?.Dispose();
        Leave(keep: _failed);
        _events.End();
    }

    private void Leave(bool keep)
    {
        _folder?.Leave(keep);
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
        ?? throw new EbmException($"there is no silo '{name}'; there are: "
            + $"{string.Join(", ", Silos.Select(s => s.Name))}.");

    private static T Started<T>(T? part) => part ?? throw new InvalidOperationException("the cluster was not started.");
}
