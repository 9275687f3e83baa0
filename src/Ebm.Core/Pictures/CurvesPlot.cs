using System.Globalization;
using ScottPlot;

namespace Ebm.Core.Pictures;

/// <summary>The figures of one round that are drawn. Any of them may be NaN: it is not known or not finite.</summary>
/// <param name="Round">The round.</param>
/// <param name="DataEnergy">Mean energy of the positive batch.</param>
/// <param name="NegativeEnergy">Mean energy of the negatives.</param>
/// <param name="GradientNorm">Euclidean norm of the gradient, before it is clipped.</param>
/// <param name="LearningRate">The rate that the optimiser used.</param>
public readonly record struct CurvePoint(
    int Round, double DataEnergy, double NegativeEnergy, double GradientNorm, double LearningRate);

/// <summary>How a training went, in panels over a shared axis of rounds.</summary>
public static class CurvesPlot
{
    private const int Width = 1200;
    private const int Height = 900;
    private const int LeftMargin = 95;

    /// <summary>More points than this cannot be told apart at the picture's width.</summary>
    private const int MostPoints = 2000;

    /// <summary>
    /// A PNG of 1200 by 900: energies, their gap, the gradient norm (on a logarithmic axis) and the learning rate. The
    /// faint line is what was measured, the strong one its moving mean. What is not finite is not drawn, and a cross on
    /// the panel's lower edge marks its round.
    /// </summary>
    public static byte[] Png(IReadOnlyList<CurvePoint> points)
    {
        double[] rounds = [.. points.Select(p => (double)p.Round)];
        Series Of(Func<CurvePoint, double> figure) => new(rounds, [.. points.Select(figure)]);
        // A norm of zero has no logarithm and is left out, but it is finite.
        Series LogOf(Func<CurvePoint, double> figure) =>
            Of(p => Math.Log10(figure(p))) with { NotFinite = Of(figure).NotFinite };

        Plot[] panels =
        [
            Panel("energy", false,
                ("data", Palette.Data, Of(p => p.DataEnergy)),
                ("negatives", Palette.Negatives, Of(p => p.NegativeEnergy))),
            Panel("gap", false, ("E(data) - E(negatives)", Palette.Difference, Of(p => p.DataEnergy - p.NegativeEnergy))),
            Panel("gradient norm", true, ("gradient norm", Palette.Gradient, LogOf(p => p.GradientNorm))),
            Panel("learning rate", false, ("learning rate", Palette.Rate, Of(p => p.LearningRate))),
        ];
        panels[^1].XLabel("round");

        var multiplot = new Multiplot { Layout = new PanelRows([0.36f, 0.22f, 0.24f, 0.18f]) };
        var (first, last) = rounds.Length == 0 ? (0, 1) : (rounds.Min(), rounds.Max());
        var margin = Math.Max(0.5, 0.015 * (last - first));
        multiplot.RemovePlot(multiplot.GetPlot(0));
        foreach (var panel in panels)
        {
            panel.Axes.SetLimitsX(first - margin, last + margin);
            multiplot.AddPlot(panel);
        }

        return multiplot.Render(Width, Height).GetImageBytes(ImageFormat.Png);
    }

    private static Plot Panel(string label, bool logarithmic, params (string Name, Color Colour, Series Series)[] curves)
    {
        var plot = Palette.NewPlot();
        plot.YLabel(label);
        plot.Axes.Left.MinimumSize = plot.Axes.Left.MaximumSize = LeftMargin;
        plot.Axes.Right.MinimumSize = plot.Axes.Right.MaximumSize = 20;
        foreach (var (name, colour, series) in curves)
            AddCurve(plot, name, colour, series);
        plot.Axes.Margins(0.02, 0.12);
        plot.Axes.AutoScale();
        MarkNotFinite(plot, curves.SelectMany(c => c.Series.NotFinite).Distinct().Order().ToArray());
        if (logarithmic)
            plot.Axes.Left.TickGenerator = LogTicks.For(curves.SelectMany(c => c.Series.Values).Where(double.IsFinite));
        plot.ShowLegend(Alignment.UpperRight, Orientation.Horizontal);
        return plot;
    }

    private static void AddCurve(Plot plot, string name, Color colour, Series series)
    {
        // Fewer points than this show their own course.
        var smooth = series.Values.Length >= 40;
        Draw(series, smooth ? colour.WithAlpha(0.25) : colour, 1.2f);
        if (smooth)
            Draw(series.Smoothed(series.Values.Length / 60), colour, 2.2f);
        plot.Legend.ManualItems.Add(new LegendItem { LabelText = name, LineColor = colour, LineWidth = 3 });

        void Draw(Series drawn, Color drawnIn, float width)
        {
            foreach (var (x, y) in drawn.Thinned(MostPoints).Stretches())
            {
                var line = plot.Add.ScatterLine(x, y, drawnIn);
                line.LineWidth = width;
                if (series.Values.Length < 40 || x.Length == 1)
                    (line.MarkerShape, line.MarkerSize) = (MarkerShape.FilledCircle, 5);
            }
        }
    }

    private static void MarkNotFinite(Plot plot, double[] rounds)
    {
        if (rounds.Length == 0)
            return;
        var marks = plot.Add.Markers(rounds, [.. rounds.Select(_ => plot.Axes.GetLimits().Bottom)],
            MarkerShape.Eks, 11, Palette.NotFinite);
        marks.LegendText = string.Create(CultureInfo.InvariantCulture, $"not finite ({rounds.Length})");
    }
}
