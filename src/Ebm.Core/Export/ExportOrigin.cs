using System.Text.Json.Nodes;
using Ebm.Core.Checkpoints;

namespace Ebm.Core.Export;

/// <summary>Where exported parameters come from.</summary>
/// <param name="Checkpoint">The checkpoint.</param>
/// <param name="IsAverage">Whether they are the moving average of the checkpoint's parameters.</param>
internal sealed record ExportOrigin(Checkpoint Checkpoint, bool IsAverage)
{
    /// <summary>The origin of parameters with a digest, <c>parametersSha256</c> as checkpoints define it.</summary>
    public JsonObject Describe(string parametersSha256) => new()
    {
        ["run"] = Checkpoint.RunId,
        ["round"] = Checkpoint.Round,
        ["attempt"] = Checkpoint.Attempt,
        ["average"] = IsAverage,
        ["parametersSha256"] = parametersSha256,
        ["checkpointParametersSha256"] = StateDigest.OfParameters(Checkpoint),
        ["specSha256"] = Checkpoint.SpecDigest,
        ["dataSha256"] = Checkpoint.DataDigest,
        ["moduleSha256"] = Checkpoint.ModuleDigest,
        ["numerics"] = Checkpoint.Numerics,
    };
}
