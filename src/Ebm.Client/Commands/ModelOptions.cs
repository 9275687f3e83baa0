using System.CommandLine;
using Ebm.Client.Models;
using Ebm.Client.Runs;

namespace Ebm.Client.Commands;

/// <summary>Options that name a trained model.</summary>
internal static class ModelOptions
{
    /// <summary>Adds the options to a command.</summary>
    public static void AddTo(Command verb)
    {
        verb.Add(SharedOptions.Id);
        verb.Add(SharedOptions.Home);
        verb.Add(ClusterOptions.Cluster);
        verb.Add(ClusterOptions.Patience);
        verb.Add(SharedOptions.Round);
    }

    /// <summary>Opens the named model, on this machine or on a cluster.</summary>
    public static async Task<ITrainedModel> Open(ParseResult parsed)
    {
        var id = parsed.GetValue(SharedOptions.Id)!;
        return ClusterOptions.Named(parsed) is { } name
            ? await RemoteModel.Open(name, id, parsed.GetValue(SharedOptions.Verbose))
            : new LocalModel(new RunFiles(parsed.GetValue(SharedOptions.Home)!), id);
    }
}
