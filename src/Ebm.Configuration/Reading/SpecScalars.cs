using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Ebm.Core.Spec;

namespace Ebm.Configuration.Reading;

/// <summary>Parses one YAML scalar as a value of a field's type.</summary>
internal static partial class SpecScalars
{
    // Beyond this a double does not represent every integer.
    private const double LargestInteger = 1L << 53;

    /// <summary>The value, or null if the text is not of the type.</summary>
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
            _ when type == typeof(bool) => Boolean(scalar.Text),
            _ when type == typeof(double) => (object?)Real(scalar.Text),
            _ when type == typeof(int) =>
                Integer(scalar.Text) is { } v && v >= int.MinValue && v <= int.MaxValue ? (int)v : null,
            _ when type == typeof(ulong) => Unsigned(scalar.Text),
            _ => throw new InvalidOperationException($"A spec field cannot be a {type.Name}."),
        };
    }

    /// <summary>
    /// The value of a scalar without a declared type, as YAML defines it: null, a boolean, a number or a string.
    /// </summary>
    /// <exception cref="OverflowException">A number is beyond the range of a double.</exception>
    public static JsonNode? ReadUntyped(SpecScalar scalar) => scalar switch
    {
        { IsNull: true } => null,
        { Plain: true } when Boolean(scalar.Text) is bool truth => truth,
        { Plain: true } when long.TryParse(
            scalar.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var integer) => integer,
        { Plain: true } when ulong.TryParse(
            scalar.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var integer) => integer,
        { Plain: true } when NumberForm().IsMatch(scalar.Text) => Real(scalar.Text) ?? throw new OverflowException(),
        _ => scalar.Text,
    };

    /// <summary>The type in the words of an error message.</summary>
    public static string Expected(Type type) => type switch
    {
        _ when type == typeof(string) => "a string",
        _ when type == typeof(bool) => "true or false",
        _ when type == typeof(double) => "a number",
        _ when type == typeof(int) => "an integer",
        _ when type == typeof(ulong) => "an integer from 0 to 18446744073709551615",
        _ => $"one of: {string.Join(", ", SpecShape.Names(type))}",
    };

    private static object? Named(Type type, string text)
    {
        var index = SpecShape.Names(type).ToList().IndexOf(text);
        return index < 0 ? null : Enum.Parse(type, Enum.GetNames(type)[index]);
    }

    private static object? Boolean(string text) => text switch
    {
        "true" or "True" or "TRUE" => true,
        "false" or "False" or "FALSE" => false,
        _ => null,
    };

    // A number beyond the range of a double is refused, not rounded to infinity.
    private static double? Real(string text) =>
        NumberForm().IsMatch(text)
        && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
        && double.IsFinite(value)
            ? value
            : null;

    private static double? Integer(string text) =>
        Real(text) is { } value && value == Math.Floor(value) && Math.Abs(value) <= LargestInteger ? value : null;

    private static object? Unsigned(string text) =>
        ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value
        : Integer(text) is { } integer && integer >= 0 ? (ulong)integer
        : null;

    [GeneratedRegex(@"\A[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,4})?\z", RegexOptions.CultureInvariant)]
    private static partial Regex NumberForm();
}
