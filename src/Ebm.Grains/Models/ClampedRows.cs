using Ebm.Contracts.Models;
using Ebm.Core;
using Ebm.Core.States;
using Ebm.Data.Files;
using Ebm.Grains.Runs;
using TorchSharp;

namespace Ebm.Grains.Models;

/// <summary>Values that chains keep, from a file: one row for all chains, or a row for each.</summary>
internal static class ClampedRows
{
    /// <summary>
    /// Reads rows as the run's data is read. NaN (in CSV also an empty field) is free; with <paramref name="side"/> so
    /// is the other half of each image. Where units are binary, grey values are rounded.
    /// </summary>
    /// <param name="run">The run.</param>
    /// <param name="file">IDX, NPY or CSV.</param>
    /// <param name="count">Number of chains; of a longer file the first rows are taken.</param>
    /// <param name="side">The half that is known, or null for all that is a number.</param>
    /// <exception cref="InputException">The file is bad, has too few rows, or the data are no images.</exception>
    public static ClampedValues Read(RunContext run, string file, int count, KnownSide? side)
    {
        using var rows = RowFile.ReadKnown(file, run.Data.Reading);
        var features = run.Energy.Space.Features;
        if (rows.Features != features)
        {
            throw new InputException($"{file}: its rows have {rows.Features} values; the model's have {features}.");
        }

        if (rows.Count != 1 && rows.Count < count)
        {
            throw new InputException(
                $"{file}: it has {rows.Count} rows for {count} chains; expected one row for all, or one for "
                    + $"each (-n {rows.Count}).");
        }

        var isFree = Free(run.Energy.Space, side);
        using var values = rows.Gather([.. Enumerable.Range(0, rows.Count == 1 ? 1 : count)], torch.CPU);
        var isBinary = run.Energy.Space.Units == UnitKind.Binary;
        var known = new float[values.shape[0], features];
        var flat = values.data<float>().ToArray();
        for (var i = 0; i < flat.Length; i++)
        {
            var (row, column) = (i / features, i % features);
            known[row, column] = isFree(column)
                ? float.NaN
                : isBinary && !float.IsNaN(flat[i]) ? MathF.Round(flat[i]) : flat[i];
        }

        return new ClampedValues(known, rows.LabelsOf(0, (int)values.shape[0]).ToArray());
    }

    /// <summary>The same of rows that are known as a whole, which chains can start from.</summary>
    /// <exception cref="InputException">As above, or a value is missing.</exception>
    public static ClampedValues ReadComplete(RunContext run, string file, int count)
    {
        var known = Read(run, file, count, side: null);
        var rows = known.Values;
        var hole = rows.Cast<float>().TakeWhile(value => !float.IsNaN(value)).Count();
        return hole == rows.Length ? known : throw new InputException(
            $"{file}: row {1 + (hole / rows.GetLength(1))} has no value in column {1 + (hole % rows.GetLength(1))}; "
                + "chains start from whole rows (--clamp keeps the known values of others).");
    }

    private static Func<int, bool> Free(StateSpace space, KnownSide? side)
    {
        if (side is null)
        {
            return _ => false;
        }

        var image = space.Image ?? throw new InputException(
            "--known needs data that are images; name the known values by NaN for the others.");
        return column =>
        {
            var (y, x) = (column % (image.Height * image.Width) / image.Width, column % image.Width);
            return side switch
            {
                KnownSide.Top => y >= image.Height / 2,
                KnownSide.Bottom => y < image.Height / 2,
                KnownSide.Left => x >= image.Width / 2,
                _ => x < image.Width / 2,
            };
        };
    }
}

/// <summary>Known values of chains.</summary>
/// <param name="Values">[1 or chains, features]; NaN where the model decides.</param>
/// <param name="Labels">The classes of these rows, where the file has any.</param>
internal sealed record ClampedValues(float[,] Values, int[] Labels);
