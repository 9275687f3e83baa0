namespace Ebm.Client.Commands;

/// <summary>Headings of the help's first page.</summary>
internal static class HelpGroups
{
    public const string Train = "Train", Prepare = "Prepare", Look = "Look", Use = "Use", Measure = "Measure",
        Cluster = "In a cluster";
}
