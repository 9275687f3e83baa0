using System.CommandLine;
using Ebm.Client.Runs;
using Ebm.Core.Spec;

namespace Ebm.Client.Commands;

/// <summary><c>resume ID</c>: goes on with the spec in the run's record.</summary>
internal static class ResumeVerb
{
    public static Command Create()
    {
        var verb = new Verb(
            "resume", "Go on with a run that was stopped, failed or interrupted.", Groups.Train,
            "./ebm resume two-moons-3f2a1c")
        {
            SharedOptions.Id, SharedOptions.Home, SharedOptions.Lanes, SharedOptions.Device, SharedOptions.Output, SharedOptions.AllowNewHardware,
        };
        verb.Does(parsed =>
        {
            var options = TrainVerb.OptionsOf(parsed);
            var id = parsed.GetValue(SharedOptions.Id)!;
            var record = new RunFiles(options.Home).Get(id);
            return RunSession.Train(new RunJob(id, SpecJson.Read(record.SpecJson), record.Lineage, options));
        });
        return verb;
    }
}
