using System.Globalization;

namespace Ebm.Client.Output;

/// <summary>Numbers, spans of time and sizes as a person reads them.</summary>
internal static class HumanFormat
{
    /// <summary>Four significant digits: 12.35, 0.001234, 1.2e-07.</summary>
    public static string Number(double value) =>
        double.IsFinite(value) && Math.Abs(value) is >= 1e-4 and < 1e7 or 0
            ? value.ToString(
                Math.Abs(value) >= 1000 ? "0.0" : Math.Abs(value) >= 1 ? "0.000" : "0.#####",
                CultureInfo.InvariantCulture)
            : value.ToString("0.###e+00", CultureInfo.InvariantCulture);

    /// <summary>A whole number with its thousands apart.</summary>
    public static string Count(double value) =>
        Math.Round(value).ToString("#,0", CultureInfo.InvariantCulture);

    /// <summary>A rate: few digits where it is large.</summary>
    public static string Rate(double value) =>
        value.ToString(value >= 100 ? "#,0" : value >= 10 ? "0.0" : "0.00", CultureInfo.InvariantCulture);

    /// <summary>41 s, 3 min 02 s, 2 h 05 min.</summary>
    public static string Span(double seconds)
    {
        if (!double.IsFinite(seconds))
        {
            return "?";
        }

        var span = TimeSpan.FromSeconds(Math.Min(seconds, 1e9));
        return span switch
        {
            { TotalSeconds: < 10 } => Of($"{seconds:0.0} s"),
            { TotalMinutes: < 1 } => Of($"{span.TotalSeconds:0} s"),
            { TotalHours: < 1 } => Of($"{span.Minutes} min {span.Seconds:00} s"),
            _ => Of($"{Math.Floor(span.TotalHours):0} h {span.Minutes:00} min"),
        };
    }

    /// <summary>Bytes in a unit that suits.</summary>
    public static string Size(double bytes) => bytes switch
    {
        < 10_000 => Of($"{bytes:0} B"),
        < 10_000_000 => Of($"{bytes / 1e3:0.0} kB"),
        < 10_000_000_000 => Of($"{bytes / 1e6:0.0} MB"),
        _ => Of($"{bytes / 1e9:0.0} GB"),
    };

    /// <summary>A date and time, UTC, to the second.</summary>
    public static string Time(DateTimeOffset time) =>
        time.ToUniversalTime().ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>Interpolated text, whatever the machine's culture.</summary>
    public static string Of(InvariantText text) => text.Take();
}
