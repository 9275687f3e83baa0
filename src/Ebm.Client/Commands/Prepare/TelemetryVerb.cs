using System.CommandLine;
using Ebm.Client.Output;

namespace Ebm.Client.Commands.Prepare;

/// <summary><c>telemetry</c>.</summary>
internal static class TelemetryVerb
{
    public static Command Create()
    {
        var verb = new Verb(
            "telemetry", "Print the names of all metrics, spans and attributes: docs/telemetry.md.", HelpGroups.Prepare,
            "./ebm telemetry > docs/telemetry.md");
        verb.Does(_ =>
        {
            Console.Out.Write(TelemetryPage.Write());
            return Task.FromResult(ExitCode.Succeeded);
        });
        return verb;
    }
}
