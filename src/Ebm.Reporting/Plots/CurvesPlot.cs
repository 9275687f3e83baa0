using System.Globalization;
using ScottPlot;
using ScottPlot.TickGenerators;

namespace Ebm.Reporting.Plots;

/// <summary>The figures of one round that are drawn. Any of them may be NaN: it is not known or not finite.</summary>
/// <param name="Round">The round.</param>
/// <param name="DataEnergy">Mean energy of the positive batch.</param>
/// <param name="NegativeEnergy">Mean energy of the negatives.</param>
/// <param name="GradientNorm">Euclidean norm of the gradient, before it is clipped.</param>
/// <param name="LearningRate">The rate that the optimiser used.</param>
internal readonly record struct CurvePoint(
    int Round, double DataEnergy, double NegativeEnergy, double GradientNorm, double LearningRate)
{
    /// <summary>Share of accepted proposals, where the sampler proposes.</summary>
    public double? Acceptance { get; init; }

    /// <summary>Share of accepted exchanges between replicas, where there are any.</summary>
    public double? SwapAcceptance { get; init; }

    /// <summary>Mean norm of dE/dx along the chains, where the sampler follows it.</summary>
    public double? StateGradientNorm { get; init; }
}

/// <summary>How a training went, in panels over a shared axis of rounds.</summary>
internal static class CurvesPlot
{
    private const int Width = 1200;
    private const int Height = 900, MoreHeight = 190;
    private const string RateName = "learning rate";
    private const int LeftMargin = 85;

    /// <summary>Largest number of points that the plot's width can show.</summary>
    private const int MostPoints = 2000;

    /// <summary>
    /// A PNG of 1200 by 900: energies, their gap, the gradient norm (on a logarithmic axis) and the learning rate; 190
    /// more in height for shares of accepted proposals and exchanges, and again for the norm of dE/dx, where the
    /// sampler has them. The faint line is the measurement, the strong one its moving mean. A value that is not
    /// finite is not drawn; a cross on the panel's lower edge marks its round.
    /// </summary>
    public static byte[] Png(IReadOnlyList<CurvePoint> points)
    {
        double[] rounds = [.. points.Select(p => (double)p.Round)];
        Series Of(Func<CurvePoint, double?> figure)
        {
            CurvePoint[] known = [.. points.Where(p => figure(p) is not null)];
            return new([.. known.Select(p => (double)p.Round)], [.. known.Select(p => figure(p)!.Value)]);
        }

        // A norm of zero has no logarithm and is left out, but it is finite.
        Series LogOf(Func<CurvePoint, double?> figure) =>
            Of(p => figure(p) is { } value ? Math.Log10(value) : null) with { NotFinite = Of(figure).NotFinite };

        List<(Plot Plot, float Height)> panels =
        [
            (Panel("energy", false,
                ("data", Palette.Data, Of(p => p.DataEnergy)),
                ("negatives", Palette.Negatives, Of(p => p.NegativeEnergy))), 0.36f * Height),
            (Panel("gap", false, ("E(data) - E(negatives)", Palette.Difference,
                Of(p => p.DataEnergy - p.NegativeEnergy))), 0.21f * Height),
            (Panel("gradient norm", true, ("gradient norm", Palette.Gradient, LogOf(p => p.GradientNorm))),
                0.23f * Height),
        ];
        (string, Color, Series)[] shares =
        [
            .. new[]
            {
                ("accepted proposals", Palette.Acceptance, Of(p => p.Acceptance)),
                ("accepted exchanges", Palette.Swaps, Of(p => p.SwapAcceptance)),
            }.Where(c => c.Item3.Values.Length > 0),
        ];
        if (shares.Length > 0)
        {
            panels.Add((Panel("acceptance", false, shares), MoreHeight));
            panels[^1].Plot.Axes.SetLimitsY(0, 1.25);
            panels[^1].Plot.Axes.Left.TickGenerator =
                new NumericManual([0, 0.25, 0.5, 0.75, 1], ["0", "0.25", "0.5", "0.75", "1"]);
        }

        if (LogOf(p => p.StateGradientNorm) is { Values.Length: > 0 } slopes)
        {
            panels.Add((Panel("|dE/dx|", true, ("|dE/dx| along the chains", Palette.StateGradient, slopes)),
                MoreHeight));
            // It rises while an energy learns.
            panels[^1].Plot.ShowLegend(Alignment.LowerRight, Orientation.Horizontal);
        }

        var rate = Panel("learning rate", false, (RateName, Palette.Rate, Of(p => p.LearningRate)));
        panels.Add((rate, 0.20f * Height));
        rate.XLabel("round");
        var highest = points.Select(p => p.LearningRate).Where(double.IsFinite).DefaultIfEmpty().Max();
        rate.Axes.SetLimitsY(0, highest > 0 ? 1.3 * highest : 1);
        rate.Axes.Left.TickGenerator = new NumericAutomatic { LabelFormatter = LogTicks.Label };

        var height = panels.Sum(p => p.Height);
        var multiplot = new Multiplot { Layout = new PanelRows([.. panels.Select(p => p.Height / height)]) };
        var (first, last) = rounds.Length == 0 ? (0, 1) : (rounds.Min(), rounds.Max());
        var margin = Math.Max(0.5, 0.015 * (last - first));
        multiplot.RemovePlot(multiplot.GetPlot(0));
        foreach (var (panel, _) in panels)
        {
            panel.Axes.SetLimitsX(first - margin, last + margin);
            panel.Axes.Bottom.TickGenerator = new NumericAutomatic { IntegerTicksOnly = true };
            panel.Axes.Bottom.TickLabelStyle.IsVisible = panel == rate;
            multiplot.AddPlot(panel);
        }

        return multiplot.Render(Width, (int)MathF.Round(height)).GetImageBytes(ImageFormat.Png);
    }

    private static Plot Panel(
        string label, bool logarithmic, params (string Name, Color Colour, Series Series)[] curves)
    {
        var plot = Palette.NewPlot();
        plot.YLabel(label);
        plot.Axes.Left.MinimumSize = plot.Axes.Left.MaximumSize = LeftMargin;
        plot.Axes.Right.MinimumSize = plot.Axes.Right.MaximumSize = 20;
        foreach (var (name, colour, series) in curves)
            AddCurve(plot, name, colour, series);
        plot.Axes.Margins(0.02, 0.12);
        plot.Axes.AutoScale();
        WidenAroundOneValue(plot, [.. curves.SelectMany(c => c.Series.Values).Where(double.IsFinite).Distinct()
            .Take(2)]);
        MarkNotFinite(plot, curves.SelectMany(c => c.Series.NotFinite).Distinct().Order().ToArray());
        if (logarithmic)
            plot.Axes.Left.TickGenerator = LogTicks.For(curves.SelectMany(c => c.Series.Values).Where(double.IsFinite));
        plot.ShowLegend(Alignment.UpperRight, Orientation.Horizontal);
        return plot;
    }

    private static void AddCurve(Plot plot, string name, Color colour, Series series)
    {
        // Fewer points than this show their own course, and a rate is no measurement: its steps are its own.
        var smooth = series.Values.Length >= 40 && name != RateName;
        Draw(series, smooth ? colour.WithAlpha(0.25) : colour, smooth ? 1.2f : 1.8f);
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

    /// <summary>A figure that never changes says nothing about a scale: its own size is one.</summary>
    private static void WidenAroundOneValue(Plot plot, double[] values)
    {
        if (values is [var value])
            plot.Axes.SetLimitsY(
                value - Math.Max(0.5 * Math.Abs(value), 1e-9), value + Math.Max(0.5 * Math.Abs(value), 1e-9));
    }

    private static void MarkNotFinite(Plot plot, double[] rounds)
    {
        if (rounds.Length == 0)
            return;
        var limits = plot.Axes.GetLimits();
        var height = limits.Bottom + 0.04 * (limits.Top - limits.Bottom);
        var marks = plot.Add.Markers(rounds, [.. rounds.Select(_ => height)], MarkerShape.Eks, 10, Palette.NotFinite);
        marks.MarkerLineWidth = 2;
        marks.LegendText = string.Create(CultureInfo.InvariantCulture, $"not finite ({rounds.Length})");
    }
}
