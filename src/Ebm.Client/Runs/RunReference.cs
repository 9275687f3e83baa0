using Ebm.Contracts.Runs;
using System.Globalization;
using Ebm.Core;

namespace Ebm.Client.Runs;

/// <summary>A run, or one of its checkpoints: <c>RUN</c> or <c>RUN@ROUND</c>.</summary>
internal sealed record RunReference(string Run, long? Round)
{
    /// <summary>Reads the user's form.</summary>
    /// <exception cref="InputException">It is none.</exception>
    public static RunReference Parse(string text)
    {
        var at = text.LastIndexOf('@');
        if (at < 0)
        {
            return new RunReference(RunId.Checked(text), null);
        }

        return long.TryParse(text.AsSpan(at + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var round)
            ? new RunReference(RunId.Checked(text[..at]), round)
            : throw new InputException($"'{text}' names no checkpoint; expected RUN or RUN@ROUND, "
                + "such as moons-3f2a1c@1000.");
    }
}
