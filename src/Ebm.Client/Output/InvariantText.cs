using System.Globalization;
using System.Runtime.CompilerServices;

namespace Ebm.Client.Output;

/// <summary>An interpolated string whose numbers are written the same way in every language.</summary>
[InterpolatedStringHandler]
internal ref struct InvariantText(int literalLength, int formattedCount)
{
    private DefaultInterpolatedStringHandler _text = new(literalLength, formattedCount, CultureInfo.InvariantCulture);

    public void AppendLiteral(string value) => _text.AppendLiteral(value);

    public void AppendFormatted(string? value) => _text.AppendFormatted(value);

    public void AppendFormatted(object? value) => _text.AppendFormatted(value);

    public void AppendFormatted<T>(T value) => _text.AppendFormatted(value);

    public void AppendFormatted<T>(T value, string? format) => _text.AppendFormatted(value, format);

    public void AppendFormatted<T>(T value, int alignment, string? format = null) =>
        _text.AppendFormatted(value, alignment, format);

    /// <summary>The text; the handler is used up.</summary>
    public string Take() => _text.ToStringAndClear();
}
