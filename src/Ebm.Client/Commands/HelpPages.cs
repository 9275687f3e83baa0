using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Ebm.Client.Commands;

/// <summary>Help pages: the commands by group, and examples for each.</summary>
internal static class HelpPages
{
    /// <summary>Replaces the library's pages by these.</summary>
    public static void Install(RootCommand root)
    {
        foreach (var option in root.Options.OfType<HelpOption>())
        {
            option.Action = new Page((HelpAction)option.Action!);
        }
    }

    /// <summary>Prints the help of the given command: the action of a command that only has subcommands.</summary>
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
            output.WriteLine("Train energy-based models: one command, a spec in YAML, reproducible to the bit.\n");
            output.WriteLine("Usage: ./ebm COMMAND [options]");
            foreach (var group in root.Subcommands.OfType<Verb>().GroupBy(v => v.Group))
            {
                output.WriteLine($"\n{group.Key}:");
                foreach (var verb in group.SelectMany(v => v.Leaves))
                {
                    var usage = string.Join(' ', verb.Arguments.Select(a => a.Name).Prepend(verb.Path));
                    output.WriteLine($"  {usage,-16} {verb.Description}");
                }
            }

            output.WriteLine(
                """

                Start with:
                  ./ebm train examples/mnist-rbm.yaml

                './ebm COMMAND --help' prints the options and examples of a command, './ebm --version'
                the version. Commands with the option --cluster URL work on a cluster; the
                environment variable EBM_CLUSTER names one too.
                """);
        }
    }
}
