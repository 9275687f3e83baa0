using System.ComponentModel.DataAnnotations;
using Ebm.Core;
using Ebm.Core.Spec;

namespace Ebm.Configuration.Rules;

/// <summary>Bounds in the words of an error message.</summary>
internal static class SpecText
{
    public static string Range(BoundsAttribute bounds) => bounds.Above
        ? $"a number above {Quote.Number(bounds.Minimum)} and at most {Quote.Number(bounds.Maximum)}"
        : $"a number from {Quote.Number(bounds.Minimum)} to {Quote.Number(bounds.Maximum)}";

    public static string Count(LengthAttribute length) => length.MinimumLength == length.MaximumLength
        ? $"{length.MinimumLength} numbers"
        : $"{length.MinimumLength} to {length.MaximumLength} numbers";

    public static bool Contains(this BoundsAttribute bounds, double value) =>
        value <= bounds.Maximum && (bounds.Above ? value > bounds.Minimum : value >= bounds.Minimum);
}
