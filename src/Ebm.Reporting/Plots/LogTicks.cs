using System.Globalization;
using ScottPlot;
using ScottPlot.TickGenerators;

namespace Ebm.Reporting.Plots;

/// <summary>Ticks of an axis that carries decimal logarithms, labelled with the values themselves.</summary>
internal static class LogTicks
{
    /// <summary>
    /// Ticks at 1, 2 and 5 times powers of ten, at powers alone, or between them, as the span of the logarithms asks.
    /// </summary>
    public static ITickGenerator For(IEnumerable<double> logarithms)
    {
        var (low, high) = (double.PositiveInfinity, double.NegativeInfinity);
        foreach (var value in logarithms)
            (low, high) = (Math.Min(low, value), Math.Max(high, value));
        if (!(high - low >= 0.7))
            return new NumericAutomatic { LabelFormatter = position => Label(Math.Pow(10, position)) };

        double[] within = high - low < 2.5 ? [1, 2, 5] : [1];
        var stride = Math.Max(1, (int)Math.Ceiling((high - low) / 6));
        var ticks = new NumericManual();
        for (var power = (int)Math.Floor(low); power <= Math.Ceiling(high); power += stride)
            foreach (var factor in within)
                ticks.AddMajor(power + Math.Log10(factor), Label(factor * Math.Pow(10, power)));
        return ticks;
    }

    /// <summary>A value with three digits.</summary>
    public static string Label(double value) => value.ToString("G3", CultureInfo.InvariantCulture);
}
