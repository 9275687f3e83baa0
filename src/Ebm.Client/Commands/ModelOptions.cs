using System.CommandLine;
using Ebm.Client.Models;
using Ebm.Client.Runs;

namespace Ebm.Client.Commands;

/// <summary>Which model a verb uses.</summary>
internal static class ModelOptions
{
    /// <summary>Lets a verb name one.</summary>
    public static void AddTo(Command verb)
    {
        verb.Add(SharedOptions.Id);
        verb.Add(SharedOptions.Home);
        verb.Add(ClusterOptions.Cluster);
        verb.Add(ClusterOptions.Patience);
        verb.Add(SharedOptions.Round);
    }

    /// <summary>The one that was named.</summary>
    public static async Task<ITrainedModel> Open(ParseResult parsed)
    {
        var id = parsed.GetValue(SharedOptions.Id)!;
        return ClusterOptions.Named(parsed) is { } name
            ? await RemoteModel.Open(name, id, parsed.GetValue(SharedOptions.Verbose))
            : new LocalModel(new RunFiles(parsed.GetValue(SharedOptions.Home)!), id);
    }
}
