using Ebm.Contracts.Models;
using Ebm.Core.Evaluation;

namespace Ebm.Grains.Evaluation;

/// <summary>Mean energies of the data's parts and, where it can be enumerated, the exact likelihood.</summary>
internal sealed class EnergySection : IEvaluationSection
{
    public async Task<SectionOutcome?> Evaluate(EvaluationSubject subject)
    {
        var (model, run) = (subject.Model, subject.Model.Run);
        var figures = await subject.OnLane(lane =>
            ModelFigures.Of(run.Energy, model.Parameters, run.Data, run.Spec, lane.Noise));
        return new SectionOutcome(new SectionReport(
            "energies", [.. figures.Select(f => new EvaluationFigure(f.Key, f.Value))],
            figures.ContainsKey("logZ")
                ? "means in nats, log Z by enumeration"
                : "means in nats, up to log Z, which cannot be enumerated"));
    }
}
