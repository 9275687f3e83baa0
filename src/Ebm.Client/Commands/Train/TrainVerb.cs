using System.CommandLine;
using Ebm.Client.Runs;
using Ebm.Configuration.Reading;
using Ebm.Contracts.Runs;

namespace Ebm.Client.Commands.Train;

/// <summary><c>train SPEC</c>.</summary>
internal static class TrainVerb
{
    public static Command Create()
    {
        var verb = new Verb(
            "train", "Train a model, or continue a stopped run.", HelpGroups.Train,
            "./ebm train examples/mnist-rbm.yaml",
            "./ebm train examples/two-moons.yaml --set learning.rounds=500 --set seed=7",
            "./ebm train examples/mnist-rbm.yaml --ui",
            "./ebm train examples/mnist-rbm.yaml --tensorboard",
            "./ebm train spec.yaml --id second --from first@1000",
            "./ebm train spec.yaml --output json | tail -1")
        {
            SharedOptions.Spec, SharedOptions.NewId, SharedOptions.Home, SharedOptions.Set, SharedOptions.From,
            SharedOptions.Lanes, SharedOptions.Device, SharedOptions.Output, SharedOptions.AllowNewHardware,
            SharedOptions.TensorBoard, PagesChoice.Ui, PagesChoice.UiPort,
        };
        verb.Does(Train);
        return verb;
    }

    /// <summary>The options of a run on this machine.</summary>
    internal static RunViewOptions OptionsOf(ParseResult parsed) => new(
        parsed.GetValue(SharedOptions.Home)!, parsed.GetValue(SharedOptions.Lanes),
        parsed.GetValue(SharedOptions.Device), SharedOptions.FormatOf(parsed),
        parsed.GetValue(SharedOptions.AllowNewHardware), parsed.GetValue(SharedOptions.Verbose))
    {
        PagesPort = PagesChoice.PortOf(parsed),
        TensorBoard = parsed.GetValue(SharedOptions.TensorBoard),
    };

    private static Task<ExitCode> Train(ParseResult parsed)
    {
        var spec = SpecFile.Load(parsed.GetValue(SharedOptions.Spec)!, parsed.GetValue(SharedOptions.Set)!).Spec;
        var options = OptionsOf(parsed);
        var lineage = parsed.GetValue(SharedOptions.From) is { } from
            ? LineageOf(new RunFiles(options.Home), from)
            : null;
        var id = parsed.GetValue(SharedOptions.NewId) is { } given
            ? RunId.Checked(given)
            : RunIds.Of(spec.Name, SpecJson.Digest(spec), lineage);
        return LocalTraining.Run(new RunJob(id, spec, lineage, options));
    }

    private static Lineage LineageOf(RunFiles files, string from)
    {
        var reference = RunReference.Parse(from);
        _ = files.Get(reference.Run);
        var checkpoint = files.Read(reference.Run, reference.Round);
        return new Lineage(
            reference.Run, checkpoint.Round, Core.Checkpoints.StateDigest.OfParameters(checkpoint));
    }
}
