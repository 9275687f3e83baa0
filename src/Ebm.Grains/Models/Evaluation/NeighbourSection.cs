using Ebm.Contracts.Models;
using Ebm.Core.Datasets;
using Ebm.Core.Evaluation;
using Ebm.Core.States;
using Ebm.Grains.Devices;
using Ebm.Reporting.Plots;
using TorchSharp;

namespace Ebm.Grains.Models.Evaluation;

/// <summary>
/// Whether samples are nearer to training rows than rows of the data are that were not trained on: learning by heart.
/// </summary>
internal sealed class NeighbourSection : IEvaluationSection
{
    private const int MostRows = 512;

    public async Task<SectionOutcome?> Evaluate(EvaluationSubject subject)
    {
        const string Name = "nearest training rows";
        var samples = await subject.Samples;
        if (samples.States is null)
        {
            return new SectionOutcome(new SectionReport(Name, [], samples.Note));
        }

        var run = subject.Model.Run;
        var (near, picture) = await subject.OnLane(
            lane => OfSamples(subject, HostStates.On(lane.Device, samples.States, run.Energy.Space)[..MostRows], lane));
        var figures = new List<EvaluationMetric> { new("nearest.samples", Median(near)) };
        var unseen = subject.Part == DataPart.Train ? null : await subject.OnLane(lane => Distances(Search(
            subject, ReferenceRows.Spread(run.Data, subject.Part, MostRows, run.Spec.Seed, lane.Noise, lane.Device),
            lane)));
        if (unseen is not null)
        {
            figures.Add(new("nearest.data", Median(unseen)));
            figures.Add(new("nearest.closer", OutOfDistribution.Of(near, unseen).Auroc));
        }

        return new SectionOutcome(
            new SectionReport(
                Name, figures,
                $"median distance of {near.Length} samples"
                + (unseen is null ? "; no rows were held out to compare with"
                    : $" and of {unseen.Length} {subject.PartName}; closer: share of pairs in which the sample is")),
            picture);
    }

    private static (float[] Distances, byte[]? Picture) OfSamples(
        EvaluationSubject subject, torch.Tensor samples, Lane lane)
    {
        var run = subject.Model.Run;
        var found = Search(subject, samples, lane);
        var distances = Distances(found);

        // The nearest pairs first: they show memorised rows.
        var order = Enumerable.Range(0, distances.Length).OrderBy(i => distances[i]).Select(i => (long)i).ToArray();
        var rows = torch.cat([.. order.Take(NeighbourPlot.MostPairs).Select(i => PositiveBatch.EvaluationRows(
            run.Data, DataPart.Train, (int)found.Index[(int)i], 1, run.Spec.Seed, lane.Noise, lane.Device))]);
        var picture = NeighbourPlot.Png(
            run.Energy, samples.index_select(0, torch.tensor(order, device: lane.Device))[..(int)rows.shape[0]], rows,
            run.Range);
        return (distances, picture);
    }

    private static NearestNeighbours Search(EvaluationSubject subject, torch.Tensor samples, Lane lane)
    {
        var run = subject.Model.Run;
        return NearestNeighbours.Find(Placed(run.Energy.Space, samples), run.Data.Train.Count, (first, count) => Placed(
            run.Energy.Space,
            PositiveBatch.EvaluationRows(
                run.Data, DataPart.Train, first, count, run.Spec.Seed, lane.Noise, lane.Device)));
    }

    /// <summary>
    /// States such that squared distance means something: categories one-hot, so that it is twice the units that
    /// differ.
    /// </summary>
    private static torch.Tensor Placed(StateSpace space, torch.Tensor states) => space.Units == UnitKind.Categorical
        ? torch.nn.functional.one_hot(
            states.to_type(torch.ScalarType.Int64), space.Categories).flatten(1).to_type(torch.ScalarType.Float32)
        : states;

    private static float[] Distances(NearestNeighbours found) => [.. found.SquaredDistance.Select(MathF.Sqrt)];

    private static double Median(float[] values) => values.Order().ElementAt(values.Length / 2);
}
