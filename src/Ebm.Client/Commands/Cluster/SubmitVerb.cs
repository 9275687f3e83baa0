using System.CommandLine;
using Ebm.Client.Progress;
using Ebm.Client.Remote;
using Ebm.Client.Runs;
using Ebm.Configuration.Reading;
using Ebm.Contracts.Runs;
using Ebm.Core;

namespace Ebm.Client.Commands.Cluster;

/// <summary><c>submit SPEC</c>: submits a run to a cluster and follows it.</summary>
internal static class SubmitVerb
{
    private static readonly Option<bool> Detach = new("--detach")
    {
        Description = "Return as soon as the cluster has accepted the run.",
    };

    public static Command Create()
    {
        var verb = new Verb(
            "submit", "Train a model on a cluster, and follow the run; Ctrl-C detaches.", HelpGroups.Cluster,
            "./ebm submit examples/mnist-rbm.yaml --cluster redis://localhost:6379",
            "./ebm submit spec.yaml --id second --from first@1000 --detach",
            "./ebm submit spec.yaml --output json | tail -1")
        {
            SharedOptions.Spec, SharedOptions.NewId, ClusterOptions.Cluster, ClusterOptions.Patience, SharedOptions.Set,
            SharedOptions.From, Detach, ClusterOptions.TensorBoard, SharedOptions.Output,
            SharedOptions.AllowNewHardware,
        };
        verb.Does(Submit);
        return verb;
    }

    private static async Task<ExitCode> Submit(ParseResult parsed)
    {
        var name = ClusterOptions.Required(parsed);
        var spec = SpecFile.Load(parsed.GetValue(SharedOptions.Spec)!, parsed.GetValue(SharedOptions.Set)!).Spec;
        var origin = parsed.GetValue(SharedOptions.From) is { } from ? RunReference.Parse(from) : null;
        var given = parsed.GetValue(SharedOptions.NewId) is { } id ? RunId.Checked(id) : null;
        var tensorBoard = parsed.GetValue(ClusterOptions.TensorBoard);
        if (tensorBoard is not null && parsed.GetValue(Detach))
        {
            throw new InputException(
                "--tensorboard writes files only while the run is followed, and --detach does not follow it. "
                + "Omit --detach, or give --tensorboard to `./ebm watch`.");
        }

        await using var cluster = await ClusterConnection.Open(name, parsed.GetValue(SharedOptions.Verbose));
        var lineage = origin is null ? null : await RemoteLineage.Of(cluster, origin);

        // The id is fixed before the first call, so that a repeated call refers to the same run.
        var digest = SpecJson.Digest(spec);
        var run = new RemoteRun(cluster, given ?? RunIds.Of(spec.Name, digest, lineage));
        var submission = new RunSubmission(
            SpecJson.Write(spec), digest, lineage, parsed.GetValue(SharedOptions.AllowNewHardware));
        var format = SharedOptions.FormatOf(parsed);
        return parsed.GetValue(Detach)
            ? await RunSession.Leave(format, Open)
            : await RunSession.Follow(format, Open);

        Task<ISessionRun> Open(IRunView view) => Task.FromResult<ISessionRun>(new RemoteSessionRun(
            run, view, () => run.Submit(submission), () => run.Grain.Submit(submission), tensorBoard));
    }
}
