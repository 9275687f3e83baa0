using Ebm.Core;
using Ebm.Core.Datasets;
using Ebm.Core.Spec;
using Ebm.Core.States;

namespace Ebm.Data.Loading;

/// <summary>Checks the labels that an energy with classes needs.</summary>
internal static class LabelCheck
{
    /// <summary>Every row needs a label from 0 to classes - 1, and every class a training row.</summary>
    /// <exception cref="InputException">A label or a training row is missing; the message names it.</exception>
    public static void Check(int classes, Dataset data)
    {
        foreach (var part in Enum.GetValues<DataPart>().Where(part => data[part].Count > 0))
        {
            var labels = data[part].Labels ?? throw new InputException(
                $"energy.classes: {classes}, but the {SpecShape.NameOf(part)} data has no labels. "
                + "Set data.labels and data.testLabels (idx) or data.labelColumn (csv), use subfolders (png), or "
                + "remove classes.");
            var row = Array.FindIndex(labels, label => label < 0 || label >= classes);
            if (row >= 0)
            {
                throw new InputException(
                    $"energy.classes: {classes}, but the {SpecShape.NameOf(part)} data has the label {labels[row]} in "
                        + $"row {row + 1}; "
                    + $"expected 0 to {classes - 1}. The largest label is {labels.Max()}.");
            }
        }

        var missing = Enumerable.Range(0, classes).Except(data.Train.Labels!).ToArray();
        if (missing.Length > 0)
        {
            throw new InputException(
                $"energy.classes: {classes}, but no training row has the label {missing[0]}; "
                    + $"the largest is {data.Train.Labels!.Max()}. "
                + "Each class needs training rows.");
        }
    }
}
