using System.CommandLine;
using Ebm.Client.Output;
using Ebm.Client.Remote;
using Ebm.Contracts.Cluster;

namespace Ebm.Client.Commands.Cluster;

/// <summary><c>cluster status</c>.</summary>
internal static class ClusterStatusVerb
{
    public static Command Create()
    {
        var verb = new Verb(
            "status", "List the active silos, with their lanes, shards and runs.", HelpGroups.Cluster,
            "./ebm cluster status --cluster redis://localhost:6379", "./ebm cluster status --output json")
        {
            ClusterOptions.Cluster, ClusterOptions.Patience, SharedOptions.Output,
        };
        verb.Does(async parsed =>
        {
            var name = ClusterOptions.Required(parsed);
            await using var cluster = await ClusterConnection.Open(name, parsed.GetValue(SharedOptions.Verbose));
            var silos = await cluster.Silos();
            if (SharedOptions.FormatOf(parsed) == OutputFormat.Json)
            {
                foreach (var silo in silos)
                {
                    JsonOutput.Write("silo", JsonOutput.Members(silo));
                }
            }
            else
            {
                TextTable.Write(
                    ["silo", "roles", "device", "lanes", "shards", "servers", "runs", "version", "up since"],
                    silos.Select(Row));
            }

            return ExitCode.Succeeded;
        });
        return verb;
    }

    private static IReadOnlyList<string> Row(SiloInfo silo) =>
    [
        silo.Name, silo.Roles, silo.Device ?? "-", HumanFormat.Of($"{silo.Lanes}"), HumanFormat.Of($"{silo.Shards}"),
        HumanFormat.Of($"{silo.Servers}"), HumanFormat.Of($"{silo.Runs}"), silo.Version, HumanFormat.Time(silo.Since),
    ];
}
