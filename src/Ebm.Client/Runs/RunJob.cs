using Ebm.Client.Output;
using Ebm.Contracts.Runs;
using Ebm.Core.Spec;

namespace Ebm.Client.Runs;

/// <summary>A run that is to be worked on in this process.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Spec">Its spec.</param>
/// <param name="Lineage">Where its first parameters come from.</param>
/// <param name="Options">How the user wants it done.</param>
internal sealed record RunJob(string Id, RunSpec Spec, Lineage? Lineage, RunViewOptions Options);

/// <summary>How a run is worked on; none of it changes its result.</summary>
internal sealed record RunViewOptions(
    string Home, int Lanes, string? Device, OutputFormat Format, bool AllowNewHardware, bool Verbose)
{
    /// <summary>The port on which the pages are served; null for none.</summary>
    public int? PagesPort { get; init; }

    /// <summary>Whether event files are written for TensorBoard.</summary>
    public bool TensorBoard { get; init; }
}
