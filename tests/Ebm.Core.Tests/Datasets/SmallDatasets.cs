using System.Text;
using Ebm.Core.Datasets;
using Ebm.Core.Spec;
using Ebm.Core.States;
using static TorchSharp.torch;

namespace Ebm.Core.Tests.Datasets;

/// <summary>Datasets of a few training rows that come from no file.</summary>
internal static class SmallDatasets
{
    /// <summary>Rows of grey levels, [rows, features], scaled to [0, 1].</summary>
    public static Dataset OfLevels(byte[,] levels, Binarise binarise) =>
        Of(tensor(levels), RowReading.Plain with { Binarise = binarise });

    /// <summary>Rows of float32 values, [rows, features], as they are.</summary>
    public static Dataset OfValues(float[,] values) =>
        Of(tensor(values), new RowReading(Bytes: false, 1, 0, Binarise.None, 0));

    /// <summary>Lines of text as rows of categories, padded to a length.</summary>
    public static Dataset OfText(string characters, int length, params string[] lines)
    {
        var alphabet = new Alphabet(characters.EnumerateRunes(), length);
        var rows = new byte[lines.Length, length];
        for (var row = 0; row < lines.Length; row++)
        {
            for (var i = 0; i < length; i++)
            {
                rows[row, i] = alphabet.Padding;
                if (i < lines[row].Length)
                {
                    Assert.True(alphabet.TryCategory(new Rune(lines[row][i]), out rows[row, i]));
                }
            }
        }

        return Of(tensor(rows), RowReading.Of(alphabet));
    }

    private static Dataset Of(Tensor stored, RowReading reading)
    {
        using (stored)
        {
            return new Dataset(Rows(stored.alias()), Rows(stored[..0]), Rows(stored[..0]), "") { Reading = reading };
        }

        DataRows Rows(Tensor rows) => reading.Apply(new DataRows(rows, 1, 0, null, null));
    }
}
