using Ebm.Core.Datasets;
using Ebm.Core.Native;
using Ebm.Core.States;

namespace Ebm.Core.Evaluation;

/// <summary>Likelihoods of lines of text by the character.</summary>
internal static class TextMetrics
{
    /// <summary>
    /// Bits per character: a mean log-likelihood of rows, in nats, as -log2 p over the characters of the same rows.
    /// Padding is not counted, and what it takes to know where lines end is.
    /// </summary>
    public static double BitsPerCharacter(double logLikelihood, Dataset data, DataPart part, int rows)
    {
        var padding = data.Alphabet!.Padding;
        using var stored = data[part].Stored.narrow(0, 0, rows);
        using var characters = stored.IsNot(padding);
        using var count = characters.sum();
        return -logLikelihood * rows / (count.item<long>() * Math.Log(2));
    }
}
