using Ebm.Core.Native;
using Ebm.Core.States;
using static TorchSharp.torch;

namespace Ebm.Core.Energies.TorchScript;

/// <summary>The shape in which a module takes a row: the image's, or flat.</summary>
/// <param name="Row">[channels, height, width] or [features].</param>
internal sealed record ScriptForm(long[] Row)
{
    // Two numbers of rows, so that no other axis passes for the rows.
    private static readonly long[] Tried = [3, 2];

    /// <summary>
    /// The forms that rows of a dataset may be given in, the first that a module takes being its own.
    /// </summary>
    public static IReadOnlyList<ScriptForm> Of(int features, ImageShape? image) => image is { } shape
        ? [new([shape.Channels, shape.Height, shape.Width]), new([features])]
        : [new([features])];

    /// <summary>The form in which a module takes rows: by shapes alone, so the same wherever it is asked.</summary>
    /// <exception cref="InputException">There is none; the message says what came of each.</exception>
    public static ScriptForm Find(ScriptCopy copy, string path, int features, ImageShape? image)
    {
        var problems = new List<string>();
        foreach (var form in Of(features, image))
        {
            if (form.Problem(copy) is not { } problem)
            {
                return form;
            }

            problems.Add($"given {form.Shown("rows")} it {problem}");
        }

        throw EnergyFile.Bad(path, "the module does not give an energy for each row of the data, which has "
            + $"{features} numbers: {string.Join("; ", problems)}. "
            + "Its forward takes x and returns float32 [rows] or [rows, 1].");
    }

    /// <summary>Rows [rows, features] in this form; shares their memory.</summary>
    public Tensor Apply(Tensor rows) => rows.view([rows.shape[0], .. Row]);

    private string? Problem(ScriptCopy copy)
    {
        using var graphless = no_grad();
        foreach (var rows in Tried)
        {
            using var scope = NewDisposeScope();
            try
            {
                if (copy.Forward(zeros([rows, .. Row])) is not Tensor energies)
                {
                    return "returns something else than a tensor";
                }

                if (energies.dtype != ScalarType.Float32 || !IsEach(energies.shape, rows))
                {
                    return $"returns {energies.dtype} [{string.Join(", ", energies.shape)}] for {rows} rows";
                }
            }
            catch (EbmException e)
            {
                return $"fails ({TorchError.Brief(e.InnerException!)})";
            }
        }

        return null;
    }

    /// <summary>Whether a shape is that of one number a row.</summary>
    public static bool IsEach(long[] shape, long rows) =>
        shape is [var only] && only == rows || shape is [var first, 1] && first == rows;

    private string Shown(string rows) => $"[{rows}, {string.Join(", ", Row)}]";
}
