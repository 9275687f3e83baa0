using Ebm.Contracts.Models;
using Ebm.Grains.Devices;

namespace Ebm.Grains.Models.Evaluation;

/// <summary>
/// All that can be said of a checkpoint's model: a function of the model and the call, whatever the number of lanes.
/// </summary>
internal sealed class ModelEvaluator(DeviceLanes lanes)
{
    /// <summary>The sections, in the order in which they are shown.</summary>
    private static readonly IEvaluationSection[] Sections =
    [
        new EnergySection(),
        new OutOfDistributionSection(),
        new DiscrepancySection(),
        new NeighbourSection(),
    ];

    /// <summary>Evaluates; the call's file is a path here.</summary>
    /// <exception cref="Core.InputException">The file is bad, or its rows are not of the model's kind.</exception>
    public async Task<(IReadOnlyList<SectionReport> Sections, byte[] Picture)> Evaluate(
        CheckpointModel model, EvaluateCall call)
    {
        var subject = new EvaluationSubject(model, lanes, call);
        var outcomes = new List<SectionOutcome>();
        foreach (var section in Sections)
        {
            if (await section.Evaluate(subject) is { } outcome)
            {
                outcomes.Add(outcome);
            }
        }

        return ([.. outcomes.Select(o => o.Report)],
            outcomes.Select(o => o.Picture).FirstOrDefault(p => p is not null) ?? []);
    }
}
