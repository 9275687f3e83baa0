using System.CommandLine;
using System.CommandLine.Parsing;
using Ebm.Client.Output;

namespace Ebm.Client.Commands;

/// <summary>Options that several commands share.</summary>
internal static class SharedOptions
{
    /// <summary>The folder of runs.</summary>
    public static Option<string> Home { get; } = new("--home")
    {
        Description = "Use the runs in this folder.",
        HelpName = "DIR",
        DefaultValueFactory = _ => "runs",
    };

    /// <summary>The id of a new run.</summary>
    public static Option<string?> NewId { get; } = new("--id")
    {
        Description = "Give the run this id. Default: the spec's name and the start of its digest, "
            + "so the same spec is the same run.",
        HelpName = "ID",
    };

    /// <summary>A run to start from.</summary>
    public static Option<string?> From { get; } = new("--from")
    {
        Description = "Start from the parameters of another run: of its newest checkpoint, "
            + "or of the checkpoint of ROUND.",
        HelpName = "RUN[@ROUND]",
    };

    /// <summary>Changes to the spec.</summary>
    public static Option<string[]> Set { get; } = new("--set")
    {
        Description = "Override a field of the spec, for example learning.rounds=500. Can be repeated.",
        HelpName = "FIELD=VALUE",
        DefaultValueFactory = _ => [],
    };

    /// <summary>The output format.</summary>
    public static Option<string> Output { get; } =
        OneOf("--output", "Print text for people, or json for programs (one object a line).", "text", "json");

    /// <summary>Logs and stack traces.</summary>
    public static Option<bool> Verbose { get; } = new("--verbose")
    {
        Description = "Print logs, and the stack trace of an error, to standard error.",
    };

    /// <summary>Device lanes.</summary>
    public static Option<int> Lanes { get; } = AtLeast(
        "--lanes", 0, "Compute on this many device lanes; 0 is one for each core (or GPU). Does not change results.");

    /// <summary>The device.</summary>
    public static Option<string?> Device { get; } = new("--device")
    {
        Description = "Use this device: cpu, cuda, cuda:1. It must be of the spec's kind.",
        HelpName = "DEVICE",
    };

    /// <summary>Permission to resume with another numerics fingerprint.</summary>
    public static Option<bool> AllowNewHardware { get; } = new("--allow-new-hardware")
    {
        Description = "Resume on hardware or libraries other than those that the run began on; "
            + "its bits may then differ.",
    };

    /// <summary>Whether to write TensorBoard event files for a run on this machine.</summary>
    public static Option<bool> TensorBoard { get; } = new("--tensorboard")
    {
        Description = "Write event files for TensorBoard into tensorboard/ in the run's folder.",
    };

    /// <summary>A checkpoint.</summary>
    public static Option<long?> Round { get; } = new("--round")
    {
        Description = "Use the checkpoint of this round. Default: the newest.",
        HelpName = "R",
    };

    /// <summary>A run's id.</summary>
    public static Argument<string> Id { get; } = new("ID")
    {
        Description = "The run's id; `./ebm list` prints the ids.",
    };

    /// <summary>A spec's file.</summary>
    public static Argument<string> Spec { get; } = new("SPEC") { Description = "The spec, a YAML file." };

    /// <summary>The chosen output format.</summary>
    public static OutputFormat FormatOf(ParseResult parsed) =>
        parsed.GetValue(Output) == "json" ? OutputFormat.Json : OutputFormat.Text;

    /// <summary>An integer option with a minimum, which is also its default.</summary>
    public static Option<int> AtLeast(string name, int least, string description, params string[] aliases)
    {
        var option = new Option<int>(name, aliases)
        {
            Description = description, HelpName = "N", DefaultValueFactory = _ => least,
        };
        option.Validators.Add(result =>
        {
            if (result.Errors.Any() || result.Tokens.Count == 0)
            {
                return;
            }

            // Reading the value would throw if it is not an integer.
            if (!int.TryParse(result.Tokens[0].Value, out var value))
            {
                result.AddError($"{name}: expected an integer, found '{result.Tokens[0].Value}'.");
            }
            else if (value < least)
            {
                result.AddError($"{name}: expected an integer of at least {least}, found {result.Tokens[0].Value}.");
            }
        });
        return option;
    }

    /// <summary>An integer option with a minimum and a default.</summary>
    public static Option<int> Count(string name, int least, int usual, string description)
    {
        var option = AtLeast(name, least, description);
        option.DefaultValueFactory = _ => usual;
        return option;
    }

    /// <summary>An option whose value is the name of a constant of an enumeration.</summary>
    public static Option<T> Choice<T>(string name, string description, T initial) where T : struct, Enum => new(name)
    {
        Description = description,
        HelpName = string.Join('|', NamesOf<T>()),
        DefaultValueFactory = _ => initial,
        CustomParser = result => ParseChoice<T>(name, result),
    };

    /// <summary>Parses the name of a constant; the library's own error names the C# type.</summary>
    public static T ParseChoice<T>(string name, ArgumentResult result) where T : struct, Enum
    {
        var given = result.Tokens is [.., var token] ? token.Value : "";
        if (NamesOf<T>().Contains(given, StringComparer.OrdinalIgnoreCase))
        {
            return Enum.Parse<T>(given, ignoreCase: true);
        }

        result.AddError($"{name}: expected one of {string.Join(", ", NamesOf<T>())}; found {given}.");
        return default;
    }

    private static IEnumerable<string> NamesOf<T>() where T : struct, Enum =>
        Enum.GetNames<T>().Select(n => n.ToLowerInvariant());

    private static Option<string> OneOf(string name, string description, params string[] values)
    {
        var option = new Option<string>(name)
        {
            Description = description, HelpName = string.Join('|', values), DefaultValueFactory = _ => values[0],
        };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && !values.Contains(token.Value))
            {
                result.AddError($"{name}: expected {string.Join(" or ", values)}, found {token.Value}.");
            }
        });
        return option;
    }
}
