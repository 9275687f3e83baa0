using Ebm.Core.Energies.Networks;
using Ebm.Core.Native;
using Ebm.Core.Spec;
using Ebm.Core.States;
using Ebm.Reporting.Plots;
using SkiaSharp;
using static Ebm.Library.Tests.Reporting.Plots.PlotImage;
using static TorchSharp.torch;

namespace Ebm.Library.Tests.Reporting.Plots;

public sealed class NeighbourPlotTests
{
    static NeighbourPlotTests() => TorchLibrary.EnsureLoaded();

    /// <summary>
    /// 35 pairs of 1x1 images, white above black: two whole rows of 16 pairs, and what would not fill a row left out.
    /// </summary>
    [Fact]
    public void Png_OfImages_PutsEachNeighbourUnderItsSample()
    {
        using var scope = NewDisposeScope();
        using var picture = Decode(
            NeighbourPlot.Png(Energy(new ImageShape(1, 1, 1)), ones(35, 1), zeros(35, 1), (0, 1))!, "neighbours");

        // A scale of 3, gaps of 3, and 12 more between pairs of rows.
        Assert.Equal((16 * 6 + 3, 2 * 2 * 6 + 12 + 3), (picture.Width, picture.Height));
        Assert.Equal(
            [SKColors.White, SKColors.Black, SKColors.White, SKColors.Black],
            new[] { 4, 10, 28, 34 }.Select(y => picture.GetPixel(16 * 6 - 2, y)));
    }

    [Fact]
    public void Png_OfRowsThatAreNoImages_IsNone()
    {
        using var scope = NewDisposeScope();
        Assert.Null(NeighbourPlot.Png(Energy(null), ones(2, 1), zeros(2, 1), null));
    }

    private static LayeredEnergy Energy(ImageShape? image) => MlpEnergy.Create(new MlpSpec { Hidden = [2] }, 1, image);
}
