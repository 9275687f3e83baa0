using Ebm.Core.Datasets;
using Ebm.Core.Energies;
using Ebm.Core.Energies.Bases;
using Ebm.Core.Energies.Boltzmann;
using Ebm.Core.Energies.Pairwise;
using Ebm.Core.Randomness;
using Ebm.Core.Spec;
using Ebm.Core.States;
using static TorchSharp.torch;

namespace Ebm.Core.Evaluation;

/// <summary>
/// The figures of an evaluation, by name: energies of each part of the data and, where it can be had, the likelihood.
/// </summary>
internal static class ModelMetrics
{
    private const int Chunk = 4096;

    /// <summary>
    /// Rows that the classes' figure is fitted to, and that it is computed on: an energy a class for each.
    /// </summary>
    private const int ClassRows = 2048;

    /// <summary>
    /// Evaluates. Names: <c>energy.train</c>, <c>energy.validation</c>, <c>energy.test</c> (mean energies); for an RBM
    /// <c>reconstruction.test</c> (cross-entropy, nats a row); where log Z is enumerated <c>logZ</c> and
    /// <c>logLikelihood.train</c>, <c>.validation</c>, <c>.test</c> (mean, nats a row), of text also as
    /// <c>bitsPerCharacter</c>; of an energy over a base the same of the base alone, <c>base.logLikelihood.test</c> and
    /// so on. Of an energy with classes all are of p(x | class), <c>logZ</c> is left out, and there are
    /// <c>accuracy.validation</c> and <c>.test</c> (<see cref="ClassAccuracy"/>).
    /// </summary>
    public static SortedDictionary<string, double> Of(
        IEnergy energy, Parameters parameters, Dataset data, RunSpec spec, INoise noise)
    {
        var figures = new SortedDictionary<string, double>(StringComparer.Ordinal);
        var logZ = LogZ(energy, parameters, spec.Evaluation.Likelihood);
        if (logZ is [var known] && energy.Classes == 0)
        {
            figures["logZ"] = known;
        }

        if (data.Origin?.Entropy is { } entropy)
        {
            figures["data.entropy"] = entropy();
        }

        if (energy is PairwiseEnergy pairs && data.Origin?.Couplings is { } couplings)
        {
            using var origin = couplings();
            figures["couplings.rmse"] = CouplingRecovery.RootMeanSquare(pairs, parameters, origin);
            figures["couplings.minusLogRmse"] = -Math.Log(figures["couplings.rmse"]);
        }

        foreach (var part in Enum.GetValues<DataPart>())
        {
            var rows = spec.Evaluation.Rows == 0 ? data[part].Count : Math.Min(data[part].Count, spec.Evaluation.Rows);
            if (rows == 0)
            {
                continue;
            }

            var name = part.ToString().ToLowerInvariant();
            var (mean, reconstruction) = Means(energy, parameters, data, part, rows, spec.Seed, noise);
            figures[$"energy.{name}"] = mean;
            if (reconstruction is { } crossEntropy && part != DataPart.Train)
            {
                figures[$"reconstruction.{name}"] = crossEntropy;
            }

            if (logZ is not null)
            {
                AddLogLikelihood("", -mean - MeanLogZ(logZ, data[part].LabelsOf(0, energy.Classes == 0 ? 0 : rows)));
            }

            if (energy.Classes > 0 && part != DataPart.Train)
            {
                figures[$"accuracy.{name}"] = Accuracy(part);
            }

            if (energy is EnergyOverBase based)
            {
                AddLogLikelihood("base.", MeanOfBase(
                    based.Base, data, part, rows, spec.Seed, noise, parameters.Flat.device));
            }

            void AddLogLikelihood(string prefix, double nats)
            {
                figures[$"{prefix}logLikelihood.{name}"] = nats;
                if (data.Alphabet is not null)
                {
                    figures[$"{prefix}bitsPerCharacter.{name}"] = TextMetrics.BitsPerCharacter(nats, data, part, rows);
                }
            }
        }

        return figures;

        double Accuracy(DataPart part)
        {
            using var scope = NewDisposeScope();
            var (train, other) = (Under(DataPart.Train), Under(part));
            return ClassAccuracy.Of(
                train, data.Train.LabelsOf(0, (int)train.shape[0]), other, data[part].LabelsOf(0, (int)other.shape[0]));
        }

        Tensor Under(DataPart part)
        {
            var rows = PositiveBatch.EvaluationRows(
                data, part, 0, Math.Min(data[part].Count, ClassRows), spec.Seed, noise, parameters.Flat.device);
            return ClassEnergies.Of(energy, parameters, rows);
        }
    }

    private static double MeanLogZ(double[] logZ, ReadOnlySpan<int> labels)
    {
        var sum = 0.0;
        foreach (var label in labels)
        {
            sum += logZ[label];
        }

        return labels.IsEmpty ? logZ[0] : sum / labels.Length;
    }

    /// <summary>log Z, or that of each class; null where it is not enumerated.</summary>
    private static double[]? LogZ(IEnergy energy, Parameters parameters, LikelihoodMethod wanted) =>
        wanted is not (LikelihoodMethod.Exact or LikelihoodMethod.Auto) || !ExactLikelihood.IsPossible(energy) ? null
        : energy is RbmEnergy { Classes: > 0 } rbm ? ExactLikelihood.LogZOfClasses(rbm, parameters)
        : [ExactLikelihood.LogZ(energy, parameters)];

    private static double MeanOfBase(
        IBaseDistribution given, Dataset data, DataPart part, int rows, ulong seed, INoise noise, Device device)
    {
        var sum = 0.0;
        for (var first = 0; first < rows; first += Chunk)
        {
            using var scope = NewDisposeScope();
            var chunk = PositiveBatch.EvaluationRows(
                data, part, first, Math.Min(Chunk, rows - first), seed, noise, device);
            sum += given.LogProbability(chunk).sum(ScalarType.Float64).item<double>();
        }

        return sum / rows;
    }

    private static (double Energy, double? Reconstruction) Means(
        IEnergy energy, Parameters parameters, Dataset data, DataPart part, int rows, ulong seed, INoise noise)
    {
        var (energies, errors) = (0.0, 0.0);
        for (var first = 0; first < rows; first += Chunk)
        {
            using var scope = NewDisposeScope();
            var count = Math.Min(Chunk, rows - first);
            var chunk = PositiveBatch.EvaluationRows(data, part, first, count, seed, noise, parameters.Flat.device);
            var given = energy.Given(data[part].LabelsOf(first, count), parameters.Flat.device);
            energies += given.Energy(parameters, chunk).sum(ScalarType.Float64).item<double>();
            errors += given is RbmEnergy rbm ? ReconstructionError.Of(rbm, parameters, chunk).CrossEntropy * count : 0;
        }

        return (energies / rows, energy is RbmEnergy ? errors / rows : null);
    }
}
