using System.CommandLine;
using Ebm.Client.Remote;
using Ebm.Contracts.Cluster;
using Ebm.Core;

namespace Ebm.Client.Commands;

/// <summary>Which cluster a verb talks to, if any.</summary>
internal static class ClusterOptions
{
    /// <summary>Name of the environment's variable that names a cluster.</summary>
    public const string Variable = "EBM_CLUSTER";

    private const int DefaultPatience = 15;

    /// <summary>The cluster.</summary>
    public static Option<string?> Cluster { get; } = new("--cluster")
    {
        Description = "The cluster: redis://[:password@]host:port[/cluster-id], or ebm://host:port[/cluster-id] of a "
            + $"gateway. {Variable} if not given.",
        HelpName = "URL",
    };

    /// <summary>Where TensorBoard is told of a run that is followed.</summary>
    public static Option<string?> TensorBoard { get; } = new("--tensorboard")
    {
        Description = "Write event files for TensorBoard into DIR/ID while the run is followed.",
        HelpName = "DIR",
    };

    /// <summary>How long to wait for a cluster that is coming up.</summary>
    public static Option<int> Patience { get; } = Waiting();

    /// <summary>The cluster that was named, or null where the verb is to look at this machine.</summary>
    /// <exception cref="InputException">It is no cluster's address, or options of both places were given.</exception>
    public static ClusterName? Named(ParseResult parsed)
    {
        var given = parsed.GetValue(Cluster);
        if (given is null && IsGiven(parsed, SharedOptions.Home))
        {
            return null;
        }

        var name = given ?? (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } set ? set : null);
        if (name is null)
        {
            return null;
        }

        Option[] local = 
        [
            SharedOptions.Home, SharedOptions.Lanes, SharedOptions.Device, SharedOptions.TensorBoard, PagesChoice.Ui,
            PagesChoice.UiPort,
        ];
        if (local.FirstOrDefault(option => IsGiven(parsed, option)) is { } other)
        {
            throw new InputException(given is not null
                ? $"{other.Name} is for runs on this machine, and --cluster names a cluster; give one of them."
                : $"{other.Name} is for runs on this machine, and {Variable} names a cluster; "
                    + $"give --home too, or unset {Variable}.");
        }

        return new ClusterName(
            ClusterAddress.Parse(name), given is not null, TimeSpan.FromSeconds(parsed.GetValue(Patience)));
    }

    /// <summary>The cluster of a verb that has no other place to look at.</summary>
    /// <exception cref="InputException">None was named, or it is no cluster's address.</exception>
    public static ClusterName Required(ParseResult parsed) => Named(parsed) ?? throw new InputException(
        $"'{((Verb)parsed.CommandResult.Command).Path}' needs a cluster: give --cluster "
            + $"redis://[:password@]host:port[/cluster-id], or set {Variable}.");

    private static bool IsGiven(ParseResult parsed, Option option) => parsed.GetResult(option) is { Implicit: false };

    private static Option<int> Waiting()
    {
        var option = SharedOptions.AtLeast(
            "--connect-timeout", 0, "Seconds to wait for a cluster that is just coming up.");
        option.DefaultValueFactory = _ => DefaultPatience;
        option.HelpName = "SECONDS";
        return option;
    }
}
