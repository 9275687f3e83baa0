using Ebm.Contracts.Likelihood;
using Ebm.Contracts.Models;
using Ebm.Core.Likelihood;
using Ebm.Core.Export;

namespace Ebm.Client.Models;

/// <summary>The model of a run, computed on the lanes of this machine or of a cluster.</summary>
internal interface ITrainedModel : IAsyncDisposable
{
    /// <summary>Draws samples. The file in the call is a path on this machine.</summary>
    Task<Samples> Sample(SampleCall call);

    /// <summary>Computes the energy of each row. The file in the call is a path on this machine.</summary>
    Task<Scores> Score(ScoreCall call);

    /// <summary>Exports the model as files for other programs.</summary>
    Task<Exported> Export(ExportCall call);

    /// <summary>Evaluates the model. The file in the call is a path on this machine.</summary>
    Task<Evaluation> Evaluate(EvaluateCall call);

    /// <summary>Estimates log Z of a checkpoint.</summary>
    /// <param name="call">Settings of the estimate.</param>
    /// <param name="progress">Called from time to time with the finished share of the work, in [0, 1].</param>
    /// <param name="cancellationToken">Cancels the estimate.</param>
    Task<LogZBracket> Estimate(AnnealCall call, Action<double> progress, CancellationToken cancellationToken);

    /// <summary>Computes a segment of a long run, from the given states of its chains.</summary>
    Task<LongRunPiece> Continue(LongRunCall call, float[] states);
}

/// <summary>Samples of a model.</summary>
/// <param name="Round">The checkpoint's round.</param>
/// <param name="Steps">Transitions of each chain.</param>
/// <param name="States">The states, [rows, features], row-major.</param>
/// <param name="Rows">Number of states.</param>
/// <param name="Classes">Origin of their classes.</param>
/// <param name="Picture">The rendered samples: a PNG, or lines of text in UTF-8.</param>
/// <param name="IsText">Whether <paramref name="Picture"/> is text.</param>
internal sealed record Samples(
    long Round, int Steps, float[] States, int Rows, ClassOrigin Classes, byte[] Picture, bool IsText);

/// <summary>Energies of rows.</summary>
/// <param name="Round">The checkpoint's round.</param>
/// <param name="Energies">The energies, [rows].</param>
/// <param name="Classes">The class of each row, [rows]; empty for a model without classes.</param>
/// <param name="Origin">Origin of the classes.</param>
internal sealed record Scores(long Round, float[] Energies, int[] Classes, ClassOrigin Origin);

/// <summary>An exported model.</summary>
/// <param name="Round">The checkpoint's round.</param>
/// <param name="Files">The files, in the order of writing.</param>
internal sealed record Exported(long Round, IReadOnlyList<ExportedFile> Files);

/// <summary>The result of an evaluation.</summary>
/// <param name="Round">The checkpoint's round.</param>
/// <param name="Sections">The metrics, by section.</param>
/// <param name="Picture">A PNG of samples and their nearest training rows; empty if the states are not images.</param>
/// <param name="Annealing">Suggested settings to estimate log Z of the same checkpoint.</param>
internal sealed record Evaluation(
    long Round, IReadOnlyList<SectionReport> Sections, byte[] Picture, LikelihoodSuggestion Annealing);

/// <summary>A finished segment of a long run.</summary>
/// <param name="Reply">Its metrics.</param>
/// <param name="States">The states of the chains after it, [chains, features], row-major.</param>
internal sealed record LongRunPiece(LongRunReply Reply, float[] States);
