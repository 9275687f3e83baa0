using System.CommandLine;
using Ebm.Contracts.Access;
using Ebm.Contracts.Cluster;
using Ebm.Core;
using Ebm.Silo.Access;

namespace Ebm.Client.Commands.Cluster;

/// <summary><c>token</c>: keys of a cluster, and tokens that they sign.</summary>
internal static class TokenVerb
{
    private static readonly Option<string> Keys =
        new("--keys") { Description = "The cluster's file of keys.", HelpName = "FILE", Required = true };
    private static readonly Option<string> For =
        new("--for") { Description = "Who it is for; silos' logs name him.", HelpName = "NAME", Required = true };
    private static readonly Option<int> Days = SharedOptions.Count("--days", 1, 30, "Days until it expires.");

    private static readonly Option<string> KeyName = new("--name")
    {
        Description = "The key's name, different from those of other keys in the file.", HelpName = "NAME",
        DefaultValueFactory = _ => $"key-{TimeProvider.System.GetUtcNow():yyyyMMdd}",
    };

    private static readonly Option<Role> RoleOf = new("--role")
    {
        Description = "What its bearer may do: read (look at runs, use their models), submit (start and stop them, "
            + "too), admin (delete them, too).",
        HelpName = "read|submit|admin",
        DefaultValueFactory = _ => Role.Read,
    };

    private static readonly Option<string> ClusterId = new("--cluster-id")
    {
        Description = "The cluster that it is for.", HelpName = "ID",
        DefaultValueFactory = _ => ClusterAddress.DefaultId,
    };

    public static Command Create()
    {
        var verb = new Verb("token", "Keys of a cluster, and tokens for its users.", HelpGroups.Cluster,
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
        var verb = new Verb(
            "key", "Print a new key, a line of a cluster's file of keys.", HelpGroups.Cluster,
            "./ebm token key > keys; chmod 600 keys") { KeyName };
        verb.Does(parsed =>
        {
            var name = parsed.GetValue(KeyName)!;
            Console.Out.WriteLine(name.Length > 0 && !name.Any(char.IsWhiteSpace)
                ? AccessKey.New(name).Line
                : throw new InputException($"--name '{name}': expected one word."));
            return Task.FromResult(ExitCode.Succeeded);
        });
        return verb;
    }

    private static Verb Make()
    {
        var verb = new Verb("make", "Print a token, signed by the first key of a file.", HelpGroups.Cluster,
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
