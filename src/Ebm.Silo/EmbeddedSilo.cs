using System.Net;
using System.Net.Sockets;
using Ebm.Grains.Devices;
using Ebm.Grains.Hosting;
using Ebm.Grains.Placement;
using Ebm.Grains.Runs;
using Ebm.Grains.Stores;
using Ebm.Grains.TensorBoard;
using Ebm.Silo.Pages;
using Ebm.Silo.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Storage;

namespace Ebm.Silo;

/// <summary>Settings of a silo inside the console's process.</summary>
internal sealed record EmbeddedOptions
{
    /// <summary>Folder that holds the runs.</summary>
    public required string Home { get; init; }

    /// <summary>Device lanes.</summary>
    public LaneOptions Lanes { get; init; } = new();

    /// <summary>Lowest level of the log, which goes to standard error.</summary>
    public LogLevel LogLevel { get; init; } = LogLevel.Error;

    /// <summary>Settings of the pages; null serves none.</summary>
    public PagesOptions? Pages { get; init; }

    /// <summary>Writer of the run's TensorBoard event files; null writes none.</summary>
    public TensorBoardRun? TensorBoard { get; init; }
}

/// <summary>
/// The composition root of the embedded mode: the same grains as in a cluster, in one process, with local clustering
/// and with files for stores.
/// </summary>
internal static class EmbeddedSilo
{
    /// <summary>Builds the host; it listens on the loopback interface only.</summary>
    public static IHost Build(EmbeddedOptions options) => PagesHost.Build(options.Pages, builder =>
    {
        builder.Logging.AddSimpleConsole().AddFilter(level => level >= options.LogLevel);
        builder.Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(
            console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.Services.AddSiloTelemetry(TelemetryOptions.OfConsole());
        builder.UseOrleans(silo =>
        {
            silo.AddActivityPropagation();
            silo.UseLocalhostClustering(siloPort: FreePort(), gatewayPort: 0);
            silo.Configure<SiloOptions>(o => o.SiloName = "embedded");
            AddRunServices(silo, options.Lanes);
            AddFileStores(silo.Services, options.Home);
            if (options.TensorBoard is { } board)
            {
                silo.Services.AddSingleton<IRunJournal>(
                    s => new TensorBoardJournal(new FileRunJournal(s.GetRequiredService<RunHome>()), board));
            }

            silo.Configure<RunOptions>(o => o.AdoptUnfinished = o.WaitForSilos = false);
        });
    });

    /// <summary>Adds stores in files; the host closes them.</summary>
    public static void AddFileStores(IServiceCollection services, string home)
    {
        services.AddSingleton(_ => new RunHome(home));
        services.AddSingleton<IRunFence>(s => s.GetRequiredService<RunHome>());
        services.AddSingleton<IRunCatalogue>(s => s.GetRequiredService<RunHome>());
        services.AddSingleton<IReplayStore, FileReplayStore>();
        services.AddSingleton<IRunJournal, FileRunJournal>();
    }

    /// <summary>
    /// Adds the services that grains need in a silo whose runs are in a <see cref="RunHome"/>. The home, the fence, the
    /// replay store and the journal come from <see cref="AddFileStores"/>, or are shared by the silos of one process.
    /// </summary>
    /// <param name="silo">The silo.</param>
    /// <param name="lanes">Its lanes.</param>
    /// <param name="labels">Its labels for placement; null describes this machine.</param>
    public static void AddRunServices(ISiloBuilder silo, LaneOptions lanes, SiloLabels? labels = null)
    {
        var services = silo.AddRunComputation(
            labels ?? SiloLabels.Here(control: true, lanes, TimeProvider.System)).Services;
        services.AddSingleton<ICheckpointStore, FileCheckpointStore>();
        services.AddKeyedSingleton<IGrainStorage>(
            RunRecord.Storage, (s, _) => new FileGrainStorage(s.GetRequiredService<RunHome>()));
        services.Configure<LaneOptions>(o =>
            (o.Device, o.Lanes, o.QueueLength) = (lanes.Device, lanes.Lanes, lanes.QueueLength));
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
