using System.CommandLine;
using System.CommandLine.Invocation;
using Ebm.Client.Commands.Cluster;
using Ebm.Client.Commands.Inspect;
using Ebm.Client.Commands.Measure;
using Ebm.Client.Commands.Prepare;
using Ebm.Client.Commands.Train;
using Ebm.Client.Commands.Use;

namespace Ebm.Client.Commands;

/// <summary>The console's command line: parses it, runs the verb, answers with an exit code of the catalogue.</summary>
internal static class CommandLine
{
    /// <summary>Runs a command line.</summary>
    public static async Task<int> Run(string[] args)
    {
        var root = Root();

        // A file name may begin with '@' and is no response file.
        var parsed = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Action is ParseErrorAction)
        {
            return BadUsage(parsed);
        }

        // Signals are the verbs' own business: a stop may take longer than a library would grant.
        return await parsed.InvokeAsync(new InvocationConfiguration
        {
            ProcessTerminationTimeout = null,
            EnableDefaultExceptionHandler = false,
        });
    }

    internal static RootCommand Root()
    {
        var root = new RootCommand("Trains energy-based models.")
        {
            TrainVerb.Create(),
            ResumeVerb.Create(),
            ValidateVerb.Create(),
            SchemaVerb.Create(),
            TelemetryVerb.Create(),
            ListVerb.Create(),
            StatusVerb.Create(),
            CheckpointsVerb.Create(),
            SampleVerb.Create(),
            ScoreVerb.Create(),
            ExportVerb.Create(),
            EvaluateVerb.Create(),
            DeleteVerb.Create(),
            BenchVerb.Create(),
            SubmitVerb.Create(),
            WatchVerb.Create(),
            LogsVerb.Create(),
            StopVerb.Create(),
            ClusterVerb.Create(),
            ChaosVerb.Create(),
            TokenVerb.Create(),
        };
        HelpPages.Install(root);
        return root;
    }

    private static int BadUsage(ParseResult parsed)
    {
        // An unknown verb is reported twice: as unknown, and as the verb that is missing.
        foreach (var error in parsed.Errors.Skip(parsed.UnmatchedTokens.Count > 0 && parsed.Errors.Count > 1 ? 1 : 0))
        {
            Console.Error.WriteLine($"error: {error.Message}");
        }

        var verb = parsed.CommandResult.Command is Verb known ? known.Path + " " : "";
        if (verb.Length == 0 && parsed.UnmatchedTokens is [var word, ..]
            && Verbs.Nearest(word, parsed.RootCommandResult.Command) is { } nearest)
        {
            Console.Error.WriteLine($"did you mean './ebm {nearest}'?");
        }

        Console.Error.WriteLine($"'./ebm {verb}--help' shows what there is.");
        return (int)ExitCode.BadInput;
    }
}
