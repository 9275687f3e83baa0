using Ebm.Contracts.Likelihood;
using Ebm.Contracts.Models;
using Ebm.Core.Likelihood;
using Ebm.Core.Export;

namespace Ebm.Client.Models;

/// <summary>The model of a run, wherever it is computed: on this machine's lanes, or on a cluster's.</summary>
internal interface ITrainedModel : IAsyncDisposable
{
    /// <summary>Draws samples. The call's file is a path on this machine.</summary>
    Task<Samples> Sample(SampleCall call);

    /// <summary>Computes the energy of each row. The call's file is a path on this machine.</summary>
    Task<Scores> Score(ScoreCall call);

    /// <summary>Makes files for other programs.</summary>
    Task<Exported> Export(ExportCall call);

    /// <summary>Evaluates. The call's file is a path on this machine.</summary>
    Task<Evaluation> Evaluate(EvaluateCall call);

    /// <summary>Estimates log Z of a checkpoint.</summary>
    /// <param name="call">Which estimate.</param>
    /// <param name="progress">Told now and then which share of the work is done.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    Task<LogZBracket> Estimate(AnnealCall call, Action<double> progress, CancellationToken cancellationToken);

    /// <summary>Does a piece of a long run, of chains in these states.</summary>
    Task<LongRunPiece> Continue(LongRunCall call, float[] states);
}

/// <summary>Samples that were drawn.</summary>
/// <param name="Round">The checkpoint's round.</param>
/// <param name="Steps">Transitions of each chain.</param>
/// <param name="States">The states, [rows, features], row after row.</param>
/// <param name="Rows">Number of states.</param>
/// <param name="Classes">Where their classes came from.</param>
/// <param name="Picture">What is shown of them: a PNG, or lines of text.</param>
/// <param name="IsText">Whether it is lines of text.</param>
internal sealed record Samples(
    long Round, int Steps, float[] States, int Rows, ClassOrigin Classes, byte[] Picture, bool IsText);

/// <summary>Energies.</summary>
/// <param name="Round">The checkpoint's round.</param>
/// <param name="Energies">One for each row.</param>
/// <param name="Classes">The class that it is the energy of, of a model with classes; else empty.</param>
/// <param name="Origin">Where the classes came from.</param>
internal sealed record Scores(long Round, float[] Energies, int[] Classes, ClassOrigin Origin);

/// <summary>Files of a model.</summary>
/// <param name="Round">The checkpoint's round.</param>
/// <param name="Files">The files in the order in which they are written.</param>
internal sealed record Exported(long Round, IReadOnlyList<ExportedFile> Files);

/// <summary>What an evaluation found.</summary>
/// <param name="Round">The checkpoint's round.</param>
/// <param name="Sections">In figures.</param>
/// <param name="Picture">A PNG of samples and their nearest training rows; empty where states are no images.</param>
/// <param name="Annealing">How log Z of the same checkpoint can be estimated.</param>
internal sealed record Evaluation(
    long Round, IReadOnlyList<SectionReport> Sections, byte[] Picture, LikelihoodSuggestion Annealing);

/// <summary>A piece of a long run that was done.</summary>
/// <param name="Reply">What was said of it.</param>
/// <param name="States">The chains' states after it.</param>
internal sealed record LongRunPiece(LongRunReply Reply, float[] States);
