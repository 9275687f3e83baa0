using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using Ebm.Client.Commands.Cluster;
using Ebm.Client.Commands.Inspect;
using Ebm.Client.Commands.Measure;
using Ebm.Client.Commands.Prepare;
using Ebm.Client.Commands.Train;
using Ebm.Client.Commands.Use;

namespace Ebm.Client.Commands;

/// <summary>
/// The console's command line: parses it, runs the command, returns an exit code of <see cref="ExitCode"/>.
/// </summary>
internal static class CommandLine
{
    /// <summary>Runs a command line.</summary>
    public static async Task<int> Run(string[] args)
    {
        var root = Root();
        root.SetAction(HelpPages.Show);

        // A file name may begin with '@'; there are no response files.
        var parsed = root.Parse(
            args is ["help", .. var rest] ? [.. rest, "--help"] : args,
            new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Action is ParseErrorAction)
        {
            return BadUsage(parsed);
        }

        // Commands handle signals themselves: a graceful stop may take longer than the library's timeout.
        return await parsed.InvokeAsync(new InvocationConfiguration
        {
            ProcessTerminationTimeout = null,
            EnableDefaultExceptionHandler = false,
        });
    }

    internal static RootCommand Root()
    {
        var root = new RootCommand("Train energy-based models.")
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
        var command = parsed.CommandResult.Command;
        var path = command is Verb verb ? verb.Path + " " : "";
        if (parsed.UnmatchedTokens is [var word, ..])
        {
            // The words after an unknown one are unknown too: the first is the mistake.
            var kind = word.StartsWith('-') ? "option" : command.Subcommands.Count > 0 ? "command" : "argument";
            Console.Error.WriteLine($"error: unknown {kind} '{word}'");
            if (Verbs.Nearest(word, command) is { } nearest)
            {
                Console.Error.WriteLine($"did you mean './ebm {path}{nearest}'?");
            }
        }
        else
        {
            foreach (var error in parsed.Errors)
            {
                Console.Error.WriteLine($"error: {MessageOf(error)}");
            }
        }

        Console.Error.WriteLine($"'./ebm {path}--help' prints the usage.");
        return (int)ExitCode.BadInput;
    }

    /// <summary>The message of an error; the library's names a C# type if a value cannot be parsed.</summary>
    private static string MessageOf(ParseError error)
    {
        var option = error.SymbolResult as OptionResult ?? error.SymbolResult?.Parent as OptionResult;
        return option is { Tokens: [.., var token] } && error.Message.Contains("'System.", StringComparison.Ordinal)
            ? $"{option.Option.Name}: expected an integer, found '{token.Value}'."
            : error.Message;
    }
}
