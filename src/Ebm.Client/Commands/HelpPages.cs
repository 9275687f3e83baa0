using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Ebm.Client.Commands;

/// <summary>Help: the verbs by what they are for, and examples under each.</summary>
internal static class HelpPages
{
    /// <summary>Puts these pages in the place of the library's.</summary>
    public static void Install(RootCommand root)
    {
        foreach (var option in root.Options.OfType<HelpOption>())
        {
            option.Action = new Page((HelpAction)option.Action!);
        }
    }

    /// <summary>Shows the help of the command that was given, for one that does nothing by itself.</summary>
    public static int Show(ParseResult parsed) =>
        ((SynchronousCommandLineAction)parsed.RootCommandResult.Command.Options.OfType<HelpOption>().First().Action!)
            .Invoke(parsed);

    private sealed class Page(HelpAction usual) : SynchronousCommandLineAction
    {
        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parseResult)
        {
            var output = parseResult.InvocationConfiguration.Output;
            if (parseResult.CommandResult.Command is Verb verb)
            {
                usual.Invoke(parseResult);
                output.WriteLine("Examples:");
                foreach (var example in verb.Examples)
                {
                    output.WriteLine($"  {example}");
                }

                return 0;
            }

            WriteRoot(parseResult.RootCommandResult.Command, output);
            return 0;
        }

        private static void WriteRoot(Command root, TextWriter output)
        {
            output.WriteLine("Trains energy-based models: one command, a spec in YAML, the same bits always.\n");
            output.WriteLine("Usage: ./ebm VERB [options]");
            foreach (var group in root.Subcommands.OfType<Verb>().GroupBy(v => v.Group))
            {
                output.WriteLine($"\n{group.Key}:");
                foreach (var verb in group.SelectMany(v => v.Doers))
                {
                    var usage = string.Join(' ', verb.Arguments.Select(a => a.Name).Prepend(verb.Path));
                    output.WriteLine($"  {usage,-16} {verb.Description}");
                }
            }

            output.WriteLine("\nBegin with:\n  ./ebm train examples/mnist-rbm.yaml\n");
            output.WriteLine("'./ebm VERB --help' shows a verb's options and examples, './ebm --version' "
                + "the\nversion. Verbs that know --cluster URL work on a cluster, also where "
                + "the\nenvironment's EBM_CLUSTER names one.");
        }
    }
}
