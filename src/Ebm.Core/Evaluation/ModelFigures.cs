using Ebm.Core.Data;
using Ebm.Core.Energies;
using Ebm.Core.Randomness;
using Ebm.Core.Spec;
using static TorchSharp.torch;

namespace Ebm.Core.Evaluation;

/// <summary>The figures of an evaluation, by name: energies of each part of the data and, where it can be had, the likelihood.</summary>
public static class ModelFigures
{
    private const int Chunk = 4096;

    /// <summary>
    /// Evaluates. Names: <c>energy.train</c>, <c>energy.validation</c>, <c>energy.test</c> (mean energies); for an RBM
    /// <c>reconstruction.test</c> (cross-entropy, nats a row); where log Z is enumerated <c>logZ</c> and
    /// <c>logLikelihood.train</c>, <c>.validation</c>, <c>.test</c> (mean, nats a row).
    /// </summary>
    public static SortedDictionary<string, double> Of(
        IEnergy energy, Parameters parameters, Dataset data, RunSpec spec, INoise noise)
    {
        var figures = new SortedDictionary<string, double>(StringComparer.Ordinal);
        var logZ = LogZ(energy, parameters, spec.Evaluation.Likelihood);
        if (logZ is { } known)
        {
            figures["logZ"] = known;
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

            if (logZ is { } z)
            {
                figures[$"logLikelihood.{name}"] = -mean - z;
            }
        }

        return figures;
    }

    private static double? LogZ(IEnergy energy, Parameters parameters, LikelihoodMethod wanted) => wanted switch
    {
        LikelihoodMethod.Exact or LikelihoodMethod.Auto when ExactLikelihood.IsPossible(energy) => ExactLikelihood.LogZ(energy, parameters),
        _ => null,
    };

    private static (double Energy, double? Reconstruction) Means(
        IEnergy energy, Parameters parameters, Dataset data, DataPart part, int rows, ulong seed, INoise noise)
    {
        var (energies, errors) = (0.0, 0.0);
        for (var first = 0; first < rows; first += Chunk)
        {
            using var scope = NewDisposeScope();
            var count = Math.Min(Chunk, rows - first);
            var chunk = PositiveBatch.EvaluationRows(data, part, first, count, seed, noise, parameters.Flat.device);
            energies += energy.Energy(parameters, chunk).sum(ScalarType.Float64).item<double>();
            errors += energy is RbmEnergy rbm ? Reconstruction.Of(rbm, parameters, chunk).CrossEntropy * count : 0;
        }

        return (energies / rows, energy is RbmEnergy ? errors / rows : null);
    }
}
