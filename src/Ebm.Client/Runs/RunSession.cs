using Ebm.Client.Output;
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
using Microsoft.Extensions.Logging;

namespace Ebm.Client.Runs;

/// <summary>A run that is to be worked on in this process.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Spec">Its spec.</param>
/// <param name="Lineage">Where its first parameters come from.</param>
/// <param name="Options">How the user wants it done.</param>
internal sealed record RunJob(string Id, RunSpec Spec, Lineage? Lineage, RunViewOptions Options);

/// <summary>How a run is worked on; none of it changes its result.</summary>
internal sealed record RunViewOptions(
    string Home, int Lanes, string? Device, OutputFormat Format, bool AllowNewHardware, bool Verbose)
{
    /// <summary>The port on which the pages are served; null for none.</summary>
    public int? PagesPort { get; init; }

    /// <summary>Whether event files are written for TensorBoard.</summary>
    public bool TensorBoard { get; init; }
}

/// <summary>
/// Trains in this process: an embedded silo, the run's lock, its events on the screen, its end as an exit code.
/// </summary>
internal static class RunSession
{
    /// <summary>Works on a run until it ends or is stopped.</summary>
    /// <exception cref="InputException">Spec and data do not fit; nothing was created.</exception>
    /// <exception cref="EbmException">The run cannot be worked on.</exception>
    public static async Task<ExitCode> Train(RunJob job)
    {
        var (id, options) = (job.Id, job.Options);
        var digest = SpecJson.Digest(job.Spec);
        var known = new RunFiles(options.Home).Find(id);
        if (known is not null && (known.SpecDigest != digest || known.Lineage != job.Lineage))
        {
            throw new InputException($"run '{id}' exists already with another spec or origin. "
                + "Choose another id with --id.");
        }

        using var view = Views.For(options.Format);
        if (known is { State: RunState.Succeeded })
        {
            view.Notice($"run '{id}' has succeeded already; this is what it came to.");
            var status = known.ToStatus(id);
            view.Ended(RunOutcome.Of(status, options.Home, job.Spec.Negatives.Chains));
            return ExitCode.Succeeded;
        }

        await using var events = options.TensorBoard
            ? new EventFiles(Path.Combine(options.Home, id, RunLayout.TensorBoard), TimeProvider.System)
            : null;
        using var signals = new StopSignals();
        using var host = EmbeddedSilo.Build(new EmbeddedOptions
        {
            Home = options.Home,
            Lanes = new LaneOptions { Lanes = options.Lanes, Device = DeviceOf(job.Spec, options.Device) },
            LogLevel = options.Verbose ? LogLevel.Information : LogLevel.None,
            Pages = options.PagesPort is { } port ? PagesOptions.Local(port) : null,
            TensorBoard = events?.Board,
        });

        // Whatever is wrong with the data is found here, before anything is written.
        var run = await host.Services.GetRequiredService<RunContexts>().Load(id, job.Spec);
        host.Services.GetRequiredService<RunHome>().Lock(id);
        await host.StartAsync();
        if (PagesHost.Address(host) is { } pages)
        {
            view.Notice($"pages at {pages}runs/{id}");
        }

        try
        {
            var status = await Follow(host.Services, job, run, digest, view, signals, events);
            return RunOutcome.Of(status.State);
        }
        finally
        {
            await host.StopAsync();
        }
    }

    private static async Task<RunStatus> Follow(
        IServiceProvider services, RunJob job, RunContext run, string digest, IRunView view, StopSignals signals,
        EventFiles? events)
    {
        var lanes = services.GetRequiredService<DeviceLanes>();
        var grain = services.GetRequiredService<IGrainFactory>().GetGrain<IRunGrain>(job.Id);
        var status = await Submit(grain, job, digest);
        await services.GetRequiredService<IRunJournal>().WriteArtefact(
            job.Id, status.Epoch, RunLayout.Spec, System.Text.Encoding.UTF8.GetBytes(SpecYaml.Write(job.Spec)));
        var facts = RunFacts.Of(run, job.Options.Home, lanes.Count, lanes.Device.ToString(), job.Lineage);
        view.Started(facts, status);
        signals.Arm(() =>
        {
            view.Stopping();
            _ = grain.Stop();
        });

        for (long after = 0; status.IsUnfinished;)
        {
            var page = await grain.Events(after, CancellationToken.None);
            foreach (var e in page.Events)
            {
                view.Show(e, page.Status);
                after = e.Number;
            }

            events?.Tell(view);
            status = page.Status;
        }

        await (events?.Close(view) ?? Task.CompletedTask);
        view.Ended(RunOutcome.Of(status, job.Options.Home, facts.Shape.Chains));
        return status;
    }

    private static async Task<RunStatus> Submit(IRunGrain grain, RunJob job, string digest)
    {
        using var span = Tracing.Start(Catalogue.SubmitSpan).With(Catalogue.Run, job.Id);
        return await grain.Submit(new RunSubmission(
            SpecJson.Write(job.Spec), digest, job.Lineage, job.Options.AllowNewHardware));
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
