using Ebm.Contracts.Likelihood;

namespace Ebm.Contracts.Models;

/// <summary>How a checkpoint's model is to be evaluated.</summary>
/// <param name="Round">The checkpoint's round; the newest if null.</param>
/// <param name="Against">Name of the file that was put, of rows of another kind; null if none was.</param>
/// <param name="Samples">Fresh chains, each of which gives a sample; at least 2.</param>
/// <param name="Steps">Transitions of each; the sampler's default if null.</param>
/// <param name="Seed">Seed of the chains; the run's if null.</param>
[GenerateSerializer, Immutable, Alias("ebm.EvaluateCall")]
internal sealed record EvaluateCall(
    [property: Id(0)] long? Round,
    [property: Id(1)] string? Against,
    [property: Id(2)] int Samples,
    [property: Id(3)] int? Steps,
    [property: Id(4)] ulong? Seed);

/// <summary>A figure of an evaluation.</summary>
/// <param name="Name">Its name, such as <c>energy.test</c>.</param>
/// <param name="Value">Its value; NaN if an input is NaN.</param>
/// <param name="StandardError">Its standard error, where one is known.</param>
[GenerateSerializer, Immutable, Alias("ebm.EvaluationFigure")]
internal sealed record EvaluationMetric(
    [property: Id(0)] string Name, [property: Id(1)] double Value, [property: Id(2)] double? StandardError = null);

/// <summary>What one section of an evaluation found.</summary>
/// <param name="Name">The section.</param>
/// <param name="Figures">Its figures; none where it could say nothing.</param>
/// <param name="Note">Of what they are, or why there are none.</param>
[GenerateSerializer, Immutable, Alias("ebm.SectionReport")]
internal sealed record SectionReport(
    [property: Id(0)] string Name, [property: Id(1)] IReadOnlyList<EvaluationMetric> Figures,
    [property: Id(2)] string Note);

/// <summary>An evaluation, and what there is to take.</summary>
/// <param name="Round">The checkpoint's round.</param>
/// <param name="Sections">What its sections found.</param>
/// <param name="PictureBytes">Length of the PNG of nearest neighbours; 0 where there is none.</param>
/// <param name="Annealing">How log Z of the same checkpoint can be estimated.</param>
[GenerateSerializer, Immutable, Alias("ebm.EvaluationReply")]
internal sealed record EvaluationReply(
    [property: Id(0)] long Round,
    [property: Id(1)] IReadOnlyList<SectionReport> Sections,
    [property: Id(2)] long PictureBytes,
    [property: Id(3)] LikelihoodSuggestion Annealing);

/// <summary>An estimate of log Z that could be made: the spec's settings.</summary>
/// <param name="Call">The estimate.</param>
/// <param name="IsUsual">Whether it is what one would want: log Z cannot be enumerated, and chains of such models
/// mix.</param>
/// <param name="Obstacle">Why there is none of this model; null where there is one.</param>
[GenerateSerializer, Immutable, Alias("ebm.AnnealingOffer")]
internal sealed record LikelihoodSuggestion(
    [property: Id(0)] AnnealCall Call, [property: Id(1)] bool IsUsual, [property: Id(2)] string? Obstacle);
