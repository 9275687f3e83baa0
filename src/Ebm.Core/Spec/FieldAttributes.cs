namespace Ebm.Core.Spec;

/// <summary>
/// The values a number in the spec may take; of a list: each of its numbers. Also the minimum and maximum in the JSON
/// Schema.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class BoundsAttribute(double minimum, double maximum) : Attribute
{
    /// <summary>Smallest value allowed.</summary>
    public double Minimum { get; } = minimum;

    /// <summary>Largest value allowed.</summary>
    public double Maximum { get; } = maximum;

    /// <summary>Whether the minimum itself is not allowed.</summary>
    public bool Above { get; init; }

    /// <summary>Whether a value is allowed.</summary>
    internal bool Contains(double value) => value <= Maximum && (Above ? value > Minimum : value >= Minimum);

    /// <summary>The allowed values, for an error message.</summary>
    internal string Expected() => Above
        ? $"a number above {Quote.Number(Minimum)} and at most {Quote.Number(Maximum)}"
        : $"a number from {Quote.Number(Minimum)} to {Quote.Number(Maximum)}";
}

/// <summary>A field that no result depends on: specs that differ in it alone are the same run.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class NotInDigestAttribute : Attribute;

/// <summary>A file name in the spec, relative to the spec's own folder.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class FilePathAttribute : Attribute;
