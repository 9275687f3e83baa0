using Ebm.Core.States;

namespace Ebm.Core.Datasets;

/// <summary>How the PNGs of a data set become rows.</summary>
/// <param name="Channels">1 for grey values, 3 for red, green and blue; null: as the first file has.</param>
/// <param name="Size">Height and width, to which other images are resized by area means; null: all have the first one's
/// size.</param>
/// <param name="Shape">The shape that rows must have; null: the first one's.</param>
/// <param name="Classes">The labels of subfolders by name; null: as the folder has them.</param>
internal sealed record PngReading(
    int? Channels = null, int[]? Size = null, ImageShape? Shape = null,
    IReadOnlyDictionary<string, int>? Classes = null);
