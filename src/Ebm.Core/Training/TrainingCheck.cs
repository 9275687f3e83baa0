using Ebm.Core.Datasets;
using Ebm.Core.Energies;
using Ebm.Core.Spec;

namespace Ebm.Core.Training;

/// <summary>Checks that the data and the options of a training fit its energy.</summary>
internal static class TrainingCheck
{
    /// <exception cref="InputException">They do not fit; the message says what was found and expected.</exception>
    public static void Check(IEnergy energy, Dataset data, TrainingOptions options)
    {
        if (energy.Classes > 0)
        {
            throw new InputException(
                $"energy: it has {energy.Classes} classes; ContrastiveDivergence trains energies without classes. "
                + "Train a conditional model with a run (ebm train).");
        }

        if (energy.Layout.Length == 0)
        {
            throw new InputException("energy: it has no parameters to train. Declare them, or sample it directly.");
        }

        if (data.Train.Count == 0)
        {
            throw new InputException("data: there are no training rows; expected at least 1.");
        }

        RowCheck.Check(energy.Space, data.Train, "data");
        CheckNumbers(options.Learning, options.Negatives);
    }

    private static void CheckNumbers(LearningSpec learning, NegativesSpec negatives)
    {
        foreach (var problem in SpecBounds.Problems(learning, "options.Learning")
            .Concat(SpecBounds.Problems(negatives, "options.Negatives")))
        {
            throw new InputException(problem);
        }

        if (negatives.SlotCount() < negatives.Chains)
        {
            throw new InputException(
                $"options.Negatives.Slots: {negatives.Slots} slots for {negatives.Chains} chains; expected at least as "
                + "many, or 0 for one each.");
        }
    }
}
