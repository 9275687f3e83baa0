using System.CommandLine;
using Ebm.Client.Output;
using Ebm.Client.Runs;
using Ebm.Core;

namespace Ebm.Client.Commands;

/// <summary><c>list</c>.</summary>
internal static class ListVerb
{
    public static Command Create()
    {
        var verb = new Verb("list", "List the runs.", "Look", "./ebm list", "./ebm list --home /data/runs --output json")
        {
            SharedOptions.Home, SharedOptions.Output,
        };
        verb.Does(parsed =>
        {
            var files = new RunFiles(parsed.GetValue(SharedOptions.Home)!);
            var pages = files.Ids().Select(id => Read(files, id)).OfType<StatusPage>().OrderBy(p => p.Record.Submitted).ToArray();
            if (SharedOptions.FormatOf(parsed) == OutputFormat.Json)
            {
                foreach (var page in pages)
                {
                    JsonOutput.Write("run", page.Fill);
                }
            }
            else if (pages.Length == 0 && !Console.IsOutputRedirected)
            {
                Console.Out.WriteLine($"no runs in {files.Home}; ./ebm train SPEC makes one.");
            }
            else
            {
                TextTable.Write(["run", "state", "round", "of", "seconds", "updated"], pages.Select(p => p.Row()));
            }

            return Task.FromResult(ExitCode.Succeeded);
        });
        return verb;
    }

    // One damaged record must not hide the other runs.
    private static StatusPage? Read(RunFiles files, string id)
    {
        try
        {
            return StatusPage.Of(files, id);
        }
        catch (EbmException e)
        {
            Console.Error.WriteLine($"warning: {e.Message}");
            return null;
        }
    }
}
