using Ebm.Contracts.Models;
using Ebm.Core.Evaluation;
using Ebm.Core.Randomness;

namespace Ebm.Grains.Models.Evaluation;

/// <summary>How far samples of fresh chains are from the data.</summary>
internal sealed class DiscrepancySection : IEvaluationSection
{
    private const string Name = "samples against data";
    private const int MostRows = 2000;

    public async Task<SectionOutcome?> Evaluate(EvaluationSubject subject)
    {
        var samples = await subject.Samples;
        var (run, part) = (subject.Model.Run, subject.Part);
        if (samples.States is null || run.Data[part].Count < 2)
        {
            return new SectionOutcome(new SectionReport(
                Name, [], samples.States is null ? samples.Note : "one row of data is nothing to compare with"));
        }

        var (found, rows) = await subject.OnLane(lane =>
        {
            var data = ReferenceRows.Spread(run.Data, part, MostRows, run.Spec.Seed, lane.Noise, lane.Device);
            var key = RandomKey.Derive(subject.Seed, Purpose.Exchange, 0, subject.Model.Round);
            return (MaximumMeanDiscrepancy.Of(
                HostStates.On(lane.Device, samples.States, run.Energy.Space), data,
                StateKernel.For(run.Energy.Space, data), key), data.shape[0]);
        });
        return new SectionOutcome(new SectionReport(
            Name,
            [
                new EvaluationMetric("mmd.squared", found.Squared, found.StandardError),
                new EvaluationMetric("mmd.pValue", found.PValue),
            ],
            $"{samples.Note} against {rows} {subject.PartName}; the error is that of samples of the data's own law"));
    }
}
