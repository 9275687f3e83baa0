using System.ComponentModel.DataAnnotations;

namespace Ebm.Configuration.Rules;

/// <summary>Allowed lengths of lists, for error messages.</summary>
internal static class SpecText
{
    public static string Count(LengthAttribute length) => length.MinimumLength == length.MaximumLength
        ? $"{length.MinimumLength} numbers"
        : $"{length.MinimumLength} to {length.MaximumLength} numbers";
}
