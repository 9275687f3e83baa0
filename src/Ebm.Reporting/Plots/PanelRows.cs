using ScottPlot;

namespace Ebm.Reporting.Plots;

/// <summary>Panels below each other, each with its share of the height.</summary>
internal sealed class PanelRows(IReadOnlyList<float> shares) : IMultiplotLayout
{
    public PixelRect[] GetSubplotRectangles(SubplotCollection subplots, PixelRect figureRect)
    {
        var rectangles = new PixelRect[subplots.Count];
        var top = figureRect.Top;
        for (var i = 0; i < rectangles.Length; i++)
        {
            var bottom = top + shares[i] * figureRect.Height;
            rectangles[i] = new PixelRect(figureRect.Left, figureRect.Right, bottom, top);
            top = bottom;
        }

        return rectangles;
    }
}
