using Ebm.Contracts.Models;
using Ebm.Core.Evaluation;
using Ebm.Core.Spec;

namespace Ebm.Grains.Models.Evaluation;

/// <summary>Mean energies of the data's parts and, where it can be enumerated, the exact likelihood.</summary>
internal sealed class EnergySection : IEvaluationSection
{
    public async Task<SectionOutcome?> Evaluate(EvaluationSubject subject)
    {
        var (model, run) = (subject.Model, subject.Model.Run);
        var spec = run.Spec with { Evaluation = run.Spec.Evaluation with { Likelihood = LikelihoodMethod.Auto } };
        var figures = await subject.OnLane(lane =>
            ModelMetrics.Of(run.Energy, model.Parameters, run.Data, spec, lane.Noise));
        return new SectionOutcome(new SectionReport(
            "energies", [.. figures.Select(f => new EvaluationMetric(f.Key, f.Value))],
            figures.ContainsKey("logZ")
                ? "means in nats, log Z by enumeration"
                : "means in nats, up to log Z, which cannot be enumerated"));
    }
}
