using System.CommandLine;
using Ebm.Client.Output;

namespace Ebm.Client.Commands;

/// <summary>Options that several verbs share.</summary>
internal static class SharedOptions
{
    /// <summary>The folder of runs.</summary>
    public static Option<string> Home { get; } = new("--home")
    {
        Description = "Folder that holds the runs.",
        HelpName = "DIR",
        DefaultValueFactory = _ => "runs",
    };

    /// <summary>The id of a run that is to begin.</summary>
    public static Option<string?> NewId { get; } = new("--id")
    {
        Description = "The run's id; else the spec's name and the start of its digest, so that the same "
            + "spec again is the same run.",
        HelpName = "ID",
    };

    /// <summary>A run to start from.</summary>
    public static Option<string?> From { get; } = new("--from")
    {
        Description = "Start from another run's parameters: its newest checkpoint, or that of a round.",
        HelpName = "RUN[@ROUND]",
    };

    /// <summary>Changes to the spec.</summary>
    public static Option<string[]> Set { get; } = new("--set")
    {
        Description = "Override a field of the spec, such as learning.rounds=500. May be given several times.",
        HelpName = "FIELD=VALUE",
        DefaultValueFactory = _ => [],
    };

    /// <summary>For whom output is meant.</summary>
    public static Option<string> Output { get; } =
        OneOf("--output", "text for people, json for programs (one object a line).", "text", "json");

    /// <summary>More words.</summary>
    public static Option<bool> Verbose { get; } = new("--verbose")
    {
        Description = "Log what happens inside, and show where an error came from, on standard error.",
    };

    /// <summary>Device lanes.</summary>
    public static Option<int> Lanes { get; } =
        AtLeast("--lanes", 0, "Device lanes to compute on; 0 is one for each core (or GPU). Never changes a result.");

    /// <summary>The device.</summary>
    public static Option<string?> Device { get; } = new("--device")
    {
        Description = "Which device of the kind that the spec names: cpu, cuda, cuda:1.",
        HelpName = "DEVICE",
    };

    /// <summary>Go on elsewhere.</summary>
    public static Option<bool> AllowNewHardware { get; } = new("--allow-new-hardware")
    {
        Description = "Go on although the hardware or libraries differ from those the run began on: "
            + "its bits may differ.",
    };

    /// <summary>Whether TensorBoard is told of a run on this machine.</summary>
    public static Option<bool> TensorBoard { get; } = new("--tensorboard")
    {
        Description = "Write event files for TensorBoard too, into tensorboard/ in the run's folder.",
    };

    /// <summary>A checkpoint.</summary>
    public static Option<long?> Round { get; } = new("--round")
    {
        Description = "The checkpoint of this round; the newest if not given.",
        HelpName = "R",
    };

    /// <summary>A run's id.</summary>
    public static Argument<string> Id { get; } = new("ID") { Description = "The run's id, as `./ebm list` shows it." };

    /// <summary>A spec's file.</summary>
    public static Argument<string> Spec { get; } = new("SPEC") { Description = "The spec, a YAML file." };

    /// <summary>The output format that was chosen.</summary>
    public static OutputFormat FormatOf(ParseResult parsed) =>
        parsed.GetValue(Output) == "json" ? OutputFormat.Json : OutputFormat.Text;

    /// <summary>An integer of at least so much.</summary>
    public static Option<int> AtLeast(string name, int least, string description, params string[] aliases)
    {
        var option = new Option<int>(name, aliases) { Description = description, HelpName = "N",
            DefaultValueFactory = _ => least };
        option.Validators.Add(result =>
        {
            if (result.Errors.Any() || result.Tokens.Count == 0)
            {
                return;
            }

            if (result.GetValueOrDefault<int>() < least)
            {
                result.AddError($"{name}: expected a whole number of at least {least}, found "
                    + $"{result.Tokens[0].Value}.");
            }
        });
        return option;
    }

    /// <summary>An integer of at least so much, with a default of its own.</summary>
    public static Option<int> Count(string name, int least, int usual, string description)
    {
        var option = AtLeast(name, least, description);
        option.DefaultValueFactory = _ => usual;
        return option;
    }

    private static Option<string> OneOf(string name, string description, params string[] values)
    {
        var option = new Option<string>(name) { Description = description, HelpName = string.Join('|', values),
            DefaultValueFactory = _ => values[0] };
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
