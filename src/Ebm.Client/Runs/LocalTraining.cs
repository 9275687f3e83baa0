using Ebm.Client.Progress;
using Ebm.Configuration.Reading;
using Ebm.Contracts.Runs;
using Ebm.Core;

namespace Ebm.Client.Runs;

/// <summary>Trains in this process, unless the run has finished already.</summary>
internal static class LocalTraining
{
    /// <summary>Works on a run until it ends or is stopped.</summary>
    /// <exception cref="InputException">Spec and data do not fit; nothing was created.</exception>
    /// <exception cref="EbmException">The run cannot be worked on.</exception>
    public static async Task<ExitCode> Run(RunJob job)
    {
        var (id, options) = (job.Id, job.Options);
        var digest = SpecJson.Digest(job.Spec);
        var known = new RunFiles(options.Home).Find(id);
        if (known is not null && (known.SpecDigest != digest || known.Lineage != job.Lineage))
        {
            throw new InputException($"run '{id}' exists already with another spec or origin. "
                + "Choose another id with --id.");
        }

        if (known is not { State: RunState.Succeeded })
        {
            return await RunSession.Follow(
                options.Format, async view => await LocalSessionRun.Open(job, digest, view));
        }

        using var view = Views.For(options.Format);
        view.Notice($"run '{id}' has succeeded already; this is what it came to.");
        view.Ended(RunOutcome.Of(known.ToStatus(id), options.Home, job.Spec.Negatives.Chains));
        return ExitCode.Succeeded;
    }
}
