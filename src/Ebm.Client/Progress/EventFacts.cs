using System.Text.Json.Nodes;
using Ebm.Client.Output;
using Ebm.Contracts.Runs;

namespace Ebm.Client.Progress;

/// <summary>An event's facts, for programs: those that its text alone would state.</summary>
internal static class EventFacts
{
    /// <summary>Adds the members that the event has.</summary>
    public static void Fill(JsonObject o, RunEvent e)
    {
        Add("metric", e.Metric);
        Add("wait", e.Wait);
        Add("rewind", e.Rewind);

        void Add<T>(string name, T? fact)
        {
            if (fact is not null)
            {
                o[name] = JsonOutput.Node(fact);
            }
        }
    }
}
