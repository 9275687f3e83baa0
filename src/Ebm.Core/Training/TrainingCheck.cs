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

        CheckRows(energy, data);
        CheckNumbers(options.Learning, "options.Learning");
        CheckNumbers(options.Negatives, "options.Negatives");
        CheckNumbers(options.Recovery, "options.Recovery");
        CheckRange(options.Range, "options.Range");
        if (options.Threads < 0)
        {
            throw new InputException($"options.Threads: expected 0 or more, found {options.Threads}.");
        }

        if (options.Learning is { Rounds: not null, Epochs: not null })
        {
            throw new InputException("options.Learning: expected one of Rounds and Epochs, found both.");
        }

        if (options.Negatives.SlotCount() < options.Negatives.Chains)
        {
            throw new InputException(
                $"options.Negatives.Slots: {options.Negatives.Slots} slots for {options.Negatives.Chains} chains; "
                + "expected at least as many, or 0 for one each.");
        }
    }

    /// <summary>Checks that there are training rows, and that they are states of the energy.</summary>
    /// <exception cref="InputException">They are not.</exception>
    public static void CheckRows(IEnergy energy, Dataset data)
    {
        if (data.Train.Count == 0)
        {
            throw new InputException("data: there are no training rows; expected at least 1.");
        }

        RowCheck.Check(energy.Space, data.Train, "data");
    }

    /// <summary>Checks the numbers of a kernel, and that it can draw from the energy.</summary>
    /// <exception cref="InputException">A number is out of bounds, or the kernel does not fit.</exception>
    public static void CheckSampler(SamplerSpec sampler, IEnergy energy)
    {
        CheckNumbers(sampler, "sampler");
        CheckRange(sampler.KeptRange(), "sampler.Range");
        var (units, hasBlockGibbs) = (energy.Space.Units, energy is IBlockGibbs);
        if (!SamplerFit.Fits(sampler, units, hasBlockGibbs))
        {
            throw new InputException(
                $"sampler: {sampler.Name()} cannot draw from this energy on {SpecShape.NameOf(units)} units. Use "
                + $"{Quote.OneOf(SamplerFit.KindsFor(units, hasBlockGibbs))}.");
        }
    }

    /// <summary>Checks the numbers of a record of options.</summary>
    /// <exception cref="InputException">One is out of bounds.</exception>
    public static void CheckNumbers(object options, string name)
    {
        if (SpecBounds.Problems(options, name).FirstOrDefault() is { } problem)
        {
            throw new InputException(problem);
        }
    }

    private static void CheckRange(double[]? range, string name)
    {
        if (range is not null && !(range is [var low, var high] && low < high && double.IsFinite(high - low)))
        {
            throw new InputException(
                $"{name}: expected two numbers, the smaller first, found [{string.Join(", ", range)}].");
        }
    }
}
