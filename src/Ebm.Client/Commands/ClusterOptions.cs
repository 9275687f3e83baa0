using System.CommandLine;
using Ebm.Client.Remote;
using Ebm.Contracts.Cluster;
using Ebm.Core;

namespace Ebm.Client.Commands;

/// <summary>Options that name a cluster.</summary>
internal static class ClusterOptions
{
    /// <summary>Environment variable that names a cluster.</summary>
    public const string Variable = "EBM_CLUSTER";

    private const int DefaultPatience = 15;

    /// <summary>The cluster.</summary>
    public static Option<string?> Cluster { get; } = new("--cluster")
    {
        Description = "Use this cluster: redis://[:password@]host:port[/cluster-id], or a gateway's "
            + $"ebm://host:port[/cluster-id]. Default: {Variable}.",
        HelpName = "URL",
    };

    /// <summary>Folder for the TensorBoard event files of a run that is followed.</summary>
    public static Option<string?> TensorBoard { get; } = new("--tensorboard")
    {
        Description = "Write event files for TensorBoard into DIR/ID while the run is followed.",
        HelpName = "DIR",
    };

    /// <summary>How long to wait for a cluster that is starting.</summary>
    public static Option<int> Patience { get; } = ConnectTimeout();

    /// <summary>The named cluster, or null if the command works on this machine.</summary>
    /// <exception cref="InputException">
    /// The address is invalid, or an option for this machine was given together with a cluster.
    /// </exception>
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
                ? $"{other.Name} is for runs on this machine, but --cluster names a cluster. Use one of the two."
                : $"{other.Name} is for runs on this machine, but {Variable} names a cluster. "
                    + $"Give --home too, or unset {Variable}.");
        }

        return new ClusterName(
            ClusterAddress.Parse(name), given is not null, TimeSpan.FromSeconds(parsed.GetValue(Patience)));
    }

    /// <summary>The named cluster, for a command that needs one.</summary>
    /// <exception cref="InputException">No cluster was named, or its address is invalid.</exception>
    public static ClusterName Required(ParseResult parsed) => Named(parsed) ?? throw new InputException(
        $"'{((Verb)parsed.CommandResult.Command).Path}' needs a cluster. "
        + $"Give --cluster redis://[:password@]host:port[/cluster-id], or set {Variable}.");

    private static bool IsGiven(ParseResult parsed, Option option) => parsed.GetResult(option) is { Implicit: false };

    private static Option<int> ConnectTimeout()
    {
        var option = SharedOptions.AtLeast("--connect-timeout", 0, "Wait this long for a cluster that is starting.");
        option.DefaultValueFactory = _ => DefaultPatience;
        option.HelpName = "SECONDS";
        return option;
    }
}
