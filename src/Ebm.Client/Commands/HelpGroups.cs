namespace Ebm.Client.Commands;

/// <summary>Headings of the first help page.</summary>
internal static class HelpGroups
{
    public const string
        Train = "Train", Prepare = "Prepare", Inspect = "Inspect", Use = "Use", Measure = "Measure",
        Cluster = "In a cluster";
}
