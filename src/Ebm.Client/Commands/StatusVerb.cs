using System.CommandLine;
using Ebm.Client.Output;
using Ebm.Client.Runs;

namespace Ebm.Client.Commands;

/// <summary><c>status ID</c>.</summary>
internal static class StatusVerb
{
    public static Command Create()
    {
        var verb = new Verb(
            "status", "Show a run: its state, figures, checkpoints and origin.", "Look",
            "./ebm status two-moons-3f2a1c", "./ebm status two-moons-3f2a1c --output json")
        {
            SharedOptions.Id, SharedOptions.Home, SharedOptions.Output,
        };
        verb.Does(parsed =>
        {
            var page = StatusPage.Of(new RunFiles(parsed.GetValue(SharedOptions.Home)!), parsed.GetValue(SharedOptions.Id)!);
            if (SharedOptions.FormatOf(parsed) == OutputFormat.Json)
            {
                JsonOutput.Write("run", page.Fill);
            }
            else
            {
                TextTable.Pairs(page.Pairs());
            }

            return Task.FromResult(ExitCode.Succeeded);
        });
        return verb;
    }
}
