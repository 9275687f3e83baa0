using Ebm.Core.Checkpoints;

namespace Ebm.RunFolders.Checkpoints;

/// <summary>A checkpoint whose files are written, but which cannot be found yet.</summary>
/// <param name="Place">Where it belongs.</param>
/// <param name="Partial">Where its files are; null where exactly this checkpoint is in its place already.</param>
/// <param name="Manifest">What it is.</param>
internal sealed record CheckpointDraft(string Place, string? Partial, Manifest Manifest);
