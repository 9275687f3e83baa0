using Ebm.Contracts.Models;
using Ebm.Core.Evaluation;

namespace Ebm.Grains.Models.Evaluation;

/// <summary>Whether the energy separates rows of the data from rows of a file.</summary>
internal sealed class OutOfDistributionSection : IEvaluationSection
{
    public async Task<SectionOutcome?> Evaluate(EvaluationSubject subject)
    {
        if (subject.Against is not { } file)
        {
            return null;
        }

        var inside = await subject.Scorer.Lowest(subject.Model, subject.Model.Run.Data, subject.Part);
        var outside = await subject.Scorer.Lowest(subject.Model, file);
        var found = OutOfDistribution.Of(inside, outside);
        return new SectionOutcome(new SectionReport(
            "out of distribution",
            [
                new EvaluationMetric("outOfDistribution.auroc", found.Auroc),
                new EvaluationMetric("outOfDistribution.fpr95", found.Fpr95),
                new EvaluationMetric("outOfDistribution.energy", outside.Average(e => (double)e)),
            ],
            $"the energy as a score: {inside.Length} {subject.PartName} inside, {outside.Length} rows of "
                + $"{Path.GetFileName(file)} outside"));
    }
}
