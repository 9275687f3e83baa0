using System.Globalization;
using System.Text.RegularExpressions;
using Ebm.Core.Spec;

namespace Ebm.Configuration.Reading;

/// <summary>The values that one YAML scalar can be.</summary>
internal static partial class SpecScalars
{
    // Beyond this a double no longer holds every whole number.
    private const double LargestWhole = 1L << 53;

    /// <summary>The value, or null where the text is not one of the type.</summary>
    public static object? Read(Type type, SpecScalar scalar)
    {
        if (type == typeof(string))
        {
            return scalar.Text;
        }

        if (!scalar.Plain && !type.IsEnum)
        {
            return null;
        }

        return type switch
        {
            _ when type.IsEnum => Named(type, scalar.Text),
            _ when type == typeof(bool) => Truth(scalar.Text),
            _ when type == typeof(double) => (object?)Real(scalar.Text),
            _ when type == typeof(int) =>
                Whole(scalar.Text) is { } v && v >= int.MinValue && v <= int.MaxValue ? (int)v : null,
            _ when type == typeof(ulong) => Unsigned(scalar.Text),
            _ => throw new InvalidOperationException($"A spec field cannot be a {type.Name}."),
        };
    }

    /// <summary>What a message says was expected.</summary>
    public static string Expected(Type type) => type switch
    {
        _ when type == typeof(string) => "a text",
        _ when type == typeof(bool) => "true or false",
        _ when type == typeof(double) => "a number",
        _ when type == typeof(int) => "a whole number",
        _ when type == typeof(ulong) => "a whole number from 0 to 18446744073709551615",
        _ => $"one of: {string.Join(", ", SpecShape.Names(type))}",
    };

    private static object? Named(Type type, string text)
    {
        var index = SpecShape.Names(type).ToList().IndexOf(text);
        return index < 0 ? null : Enum.Parse(type, Enum.GetNames(type)[index]);
    }

    private static object? Truth(string text) => text switch
    {
        "true" or "True" or "TRUE" => true,
        "false" or "False" or "FALSE" => false,
        _ => null,
    };

    // What does not fit is refused, never rounded to infinity.
    private static double? Real(string text) =>
        NumberForm().IsMatch(text)
        && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
        && double.IsFinite(value)
            ? value
            : null;

    private static double? Whole(string text) =>
        Real(text) is { } value && value == Math.Floor(value) && Math.Abs(value) <= LargestWhole ? value : null;

    private static object? Unsigned(string text) =>
        ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value
        : Whole(text) is { } whole && whole >= 0 ? (ulong)whole
        : null;

    [GeneratedRegex(@"\A[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,4})?\z", RegexOptions.CultureInvariant)]
    private static partial Regex NumberForm();
}
