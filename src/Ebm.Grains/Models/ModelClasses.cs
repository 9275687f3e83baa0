using Ebm.Core;
using Ebm.Grains.Runs;

namespace Ebm.Grains.Models;

/// <summary>Whether a model has the classes that it is asked for.</summary>
internal static class ModelClasses
{
    /// <summary>Refuses a class that the model does not have.</summary>
    /// <exception cref="InputException">It does not have it.</exception>
    public static void Check(RunContext run, int? asked)
    {
        if (asked is { } y && (y < 0 || y >= run.Energy.Classes))
        {
            throw run.Energy.Classes == 0 ? None(run) : new InputException(
                $"--class {y}: run '{run.Id}' has the classes 0 to {run.Energy.Classes - 1}.");
        }
    }

    /// <summary>A label of a file's row, where the model has a class for it.</summary>
    /// <exception cref="InputException">It has none.</exception>
    public static int Checked(RunContext run, int label, string file) => label < run.Energy.Classes
        ? label
        : throw new InputException($"{file}: a row has the label {label}; the model's classes are 0 to "
            + $"{run.Energy.Classes - 1}.");

    /// <summary>The model has no classes.</summary>
    public static InputException None(RunContext run) => new(
        $"--class: run '{run.Id}' was trained without classes; a model with classes needs energy.classes in its spec, "
            + "and labels in its data.");
}
