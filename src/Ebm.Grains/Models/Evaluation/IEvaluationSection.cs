using Ebm.Contracts.Models;

namespace Ebm.Grains.Models.Evaluation;

/// <summary>One question that an evaluation asks of a model.</summary>
internal interface IEvaluationSection
{
    /// <summary>Answers it; null where it was not asked.</summary>
    /// <exception cref="Core.InputException">An input of the section is invalid.</exception>
    Task<SectionOutcome?> Evaluate(EvaluationSubject subject);
}

/// <summary>An answer.</summary>
/// <param name="Report">In figures.</param>
/// <param name="Picture">A PNG, where one says more.</param>
internal sealed record SectionOutcome(SectionReport Report, byte[]? Picture = null);
