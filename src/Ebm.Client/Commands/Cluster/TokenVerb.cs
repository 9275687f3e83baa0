using System.CommandLine;
using Ebm.Contracts.Access;
using Ebm.Contracts.Cluster;
using Ebm.Core;
using Ebm.Silo.Access;

namespace Ebm.Client.Commands.Cluster;

/// <summary><c>token</c>: keys of a cluster, and tokens signed by them.</summary>
internal static class TokenVerb
{
    private static readonly Option<string> Keys = new("--keys")
    {
        Description = "Sign with the first key of this file, the cluster's.", HelpName = "FILE", Required = true,
    };

    private static readonly Option<string> For = new("--for")
    {
        Description = "Issue the token to this user; the silos' logs name the user.",
        HelpName = "NAME", Required = true,
    };

    private static readonly Option<int> Days = SharedOptions.Count(
        "--days", 1, 30, "Let the token expire after this many days.");

    private static readonly Option<string> KeyName = new("--name")
    {
        Description = "Name the key; names in a file are unique.", HelpName = "NAME",
        DefaultValueFactory = _ => $"key-{TimeProvider.System.GetUtcNow():yyyyMMdd}",
    };

    private static readonly Option<Role> RoleOf = SharedOptions.Choice(
        "--role",
        "Grant this role: read (inspect runs, use their models), submit (also start and stop runs), "
            + "admin (also delete runs).",
        Role.Read);

    private static readonly Option<string> ClusterId = new("--cluster-id")
    {
        Description = "Issue the token for the cluster with this id.", HelpName = "ID",
        DefaultValueFactory = _ => ClusterAddress.DefaultId,
    };

    public static Command Create()
    {
        var verb = new Verb("token", "Make keys of a cluster, and tokens for its users.", HelpGroups.Cluster,
            "./ebm token key > keys", "./ebm token make --keys keys --for alice --role submit")
        {
            Key(),
            Make(),
        };
        verb.SetAction(HelpPages.Show);
        return verb;
    }

    private static Verb Key()
    {
        var verb = new Verb("key", "Print a new key, a line for a cluster's key file.", HelpGroups.Cluster,
            "./ebm token key > keys; chmod 600 keys")
        {
            KeyName,
        };
        verb.Does(parsed =>
        {
            var name = parsed.GetValue(KeyName)!;
            Console.Out.WriteLine(name.Length > 0 && !name.Any(char.IsWhiteSpace)
                ? AccessKey.New(name).Line
                : throw new InputException(
                    $"--name '{name}': invalid name of a key. Expected one word without spaces."));
            return Task.FromResult(ExitCode.Succeeded);
        });
        return verb;
    }

    private static Verb Make()
    {
        var verb = new Verb(
            "make", "Print a token, signed by the first key of the cluster's key file.", HelpGroups.Cluster,
            "./ebm token make --keys keys --for alice --role submit --days 90 > alice.token")
        {
            Keys, For, RoleOf, Days, ClusterId,
        };
        verb.Does(parsed =>
        {
            var tokens = new AccessTokens(
                new AccessKeys(parsed.GetValue(Keys)!, TimeProvider.System), parsed.GetValue(ClusterId)!,
                TimeProvider.System);
            Console.Out.WriteLine(tokens.Make(
                parsed.GetValue(For)!, parsed.GetValue(RoleOf), TimeSpan.FromDays(parsed.GetValue(Days))));
            return Task.FromResult(ExitCode.Succeeded);
        });
        return verb;
    }
}
