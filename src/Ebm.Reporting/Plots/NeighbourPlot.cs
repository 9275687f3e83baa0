using Ebm.Core.Energies;
using static TorchSharp.torch;

namespace Ebm.Reporting.Plots;

/// <summary>Samples, and under each its nearest training row, which shows memorised rows.</summary>
internal static class NeighbourPlot
{
    /// <summary>Pairs that are shown at most.</summary>
    public const int MostPairs = MostColumns * 4;

    private const int MostColumns = 16;

    /// <summary>
    /// A PNG of the first of <paramref name="samples"/> and <paramref name="neighbours"/>, both [rows, features], in
    /// pairs of rows of images; null where states are no images.
    /// </summary>
    /// <param name="energy">Whose states they are.</param>
    /// <param name="samples">The samples.</param>
    /// <param name="neighbours">The nearest training row of each.</param>
    /// <param name="range">The range that real units are kept in, where there is one.</param>
    public static byte[]? Png(IEnergy energy, Tensor samples, Tensor neighbours, (float Low, float High)? range)
    {
        if (energy.Space.Image is not { Channels: 1 or 3 } image)
        {
            return null;
        }

        using var scope = NewDisposeScope();
        var columns = Math.Min(MostColumns, (int)samples.shape[0]);
        var rows = Math.Min(MostPairs, samples.shape[0]) / columns;
        var shown = stack([samples, neighbours], 1)[..(int)(rows * columns)]
            .view(rows, columns, 2, energy.Space.Features).transpose(1, 2).reshape(-1, energy.Space.Features);
        return SampleGrid.Png(
            [.. shown.cpu().data<float>()], image, StatesPlot.ShownRange(energy, shown, range),
            new GridOptions(columns, Together: 2));
    }
}
