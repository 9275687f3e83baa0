using System.Text;
using Ebm.Client.Progress;
using Ebm.Configuration.Reading;
using Ebm.Contracts.Runs;
using Ebm.Core;
using Ebm.Core.Spec;
using Ebm.Grains.Devices;
using Ebm.Grains.Runs;
using Ebm.Grains.Stores;
using Ebm.Grains.Telemetry;
using Ebm.RunFolders;
using Ebm.Silo;
using Ebm.Silo.Pages;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Ebm.Client.Runs;

/// <summary>A run in an embedded silo, whose lock this process holds.</summary>
internal sealed class LocalSessionRun : ISessionRun, IRunEvents
{
    private readonly RunJob _job;
    private readonly string _digest;
    private readonly RunFacts _facts;
    private readonly IHost _host;
    private readonly IRunGrain _grain;
    private readonly EventFiles? _files;
    private readonly IRunView _view;

    private LocalSessionRun(
        RunJob job, string digest, RunContext run, IHost host, EventFiles? files, IRunView view)
    {
        var lanes = host.Services.GetRequiredService<DeviceLanes>();
        (_job, _digest, _host, _files, _view) = (job, digest, host, files, view);
        _facts = RunFacts.Of(run, job.Options.Home, lanes.Count, lanes.Device.ToString(), job.Lineage);
        _grain = host.Services.GetRequiredService<IGrainFactory>().GetGrain<IRunGrain>(job.Id);
    }

    /// <inheritdoc/>
    public RunLocation Place => _facts.Place;

    /// <summary>Reads the run's data, takes its lock, and starts a silo.</summary>
    /// <exception cref="InputException">Spec and data do not fit; nothing was created.</exception>
    /// <exception cref="EbmException">The run cannot be worked on.</exception>
    public static async Task<LocalSessionRun> Open(RunJob job, string digest, IRunView view)
    {
        var options = job.Options;
        var files = options.TensorBoard
            ? new EventFiles(Path.Combine(options.Home, job.Id, RunLayout.TensorBoard), TimeProvider.System)
            : null;
        IHost? host = null;
        try
        {
            host = EmbeddedSilo.Build(new EmbeddedOptions
            {
                Home = options.Home,
                Lanes = new LaneOptions { Lanes = options.Lanes, Device = DeviceOf(job.Spec, options.Device) },
                LogLevel = options.Verbose ? LogLevel.Information : LogLevel.None,
                Pages = options.PagesPort is { } port ? PagesOptions.Local(port) : null,
                TensorBoard = files?.Board,
            });

            // Errors of the data appear here, before anything is written.
            var run = await host.Services.GetRequiredService<RunContexts>().Load(job.Id, job.Spec);
            host.Services.GetRequiredService<RunHome>().Lock(job.Id);
            await host.StartAsync();
            if (PagesHost.Address(host) is { } pages)
            {
                view.Notice($"pages at {pages}runs/{job.Id}");
            }

            return new LocalSessionRun(job, digest, run, host, files, view);
        }
        catch
        {
            host?.Dispose();
            await (files?.DisposeAsync() ?? ValueTask.CompletedTask);
            throw;
        }
    }

    /// <inheritdoc/>
    public async Task<RunStatus> Submit()
    {
        using var span = Tracing.Start(Catalogue.SubmitSpan).With(Catalogue.Run, _job.Id);
        var status = await _grain.Submit(new RunSubmission(
            SpecJson.Write(_job.Spec), _digest, _job.Lineage, _job.Options.AllowNewHardware));
        await _host.Services.GetRequiredService<IRunJournal>().WriteArtefact(
            _job.Id, status.Epoch, RunLayout.Spec, Encoding.UTF8.GetBytes(SpecYaml.Write(_job.Spec)));
        return status;
    }

    /// <inheritdoc/>
    public Task<RunStatus> Follow(RunStatus status, CancellationToken detach)
    {
        _view.Started(_facts, status);
        return new RunFollower(this, _view).Follow(status, after: 0, detach);
    }

    /// <inheritdoc/>
    public Task<EventPage> Next(long after, CancellationToken cancellationToken)
    {
        _files?.Tell(_view);
        return _grain.Events(after, cancellationToken);
    }

    /// <inheritdoc/>
    public bool TryStop()
    {
        _view.Stopping();
        _ = _grain.Stop();
        return true;
    }

    /// <inheritdoc/>
    public Task CloseFiles() => _files?.Close(_view) ?? Task.CompletedTask;

    /// <inheritdoc/>
    public RunOutcome Describe(RunStatus ended) => RunOutcome.Of(ended, _job.Options.Home, _facts.Shape.Chains);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
        await (_files?.DisposeAsync() ?? ValueTask.CompletedTask);
    }

    /// <summary>
    /// The lanes compute on the kind of device that the spec names; the user may choose which one of that kind.
    /// </summary>
    private static string DeviceOf(RunSpec spec, string? asked)
    {
        var kind = spec.Device == DeviceKind.Cuda ? "cuda" : "cpu";
        if (asked is null or "auto" || asked == kind || asked.StartsWith(kind + ":", StringComparison.Ordinal))
        {
            return asked is null or "auto" ? kind : asked;
        }

        throw new InputException(
            $"--device {asked}: the spec says device: {kind}, which its result depends on. "
                + "Change it there, or say --set device=...");
    }
}
