using Ebm.Contracts.Access;
namespace Ebm.Contracts.Models;

/// <summary>
/// A checkpoint's model at work for one client on a silo with lanes. Its key is <c>run/session</c>, the session being
/// any text that no other client uses. Callers attach the run's <see cref="Placement.RunRequirements"/>.
/// </summary>
[Alias("ebm.IModelGrain")]
internal interface IModelGrain : IGrainWithStringKey
{
    /// <summary>Appends to the file that the next call uses.</summary>
    /// <exception cref="Core.InputException">The file gets longer than <see cref="LongestFile"/> bytes.</exception>
    [Alias("Put"), OpenTo(Role.Read)]
    Task Put(ByteBlock part);

    /// <summary>Draws samples; with a file, keeps its known values, or starts at its rows.</summary>
    /// <exception cref="Core.InputException">No such run or checkpoint, a sampler that draws nothing, a bad
    /// file.</exception>
    [Alias("Sample"), ResponseTimeout("01:00:00"), OpenTo(Role.Read)]
    Task<ModelReply> Sample(SampleCall call);

    /// <summary>Computes the energy of each row of the file.</summary>
    /// <exception cref="Core.InputException">No such run or checkpoint, or a bad file.</exception>
    [Alias("Score"), ResponseTimeout("01:00:00"), OpenTo(Role.Read)]
    Task<ModelReply> Score(ScoreCall call);

    /// <summary>Makes files of the model for other programs.</summary>
    /// <exception cref="Core.InputException">No such run or checkpoint.</exception>
    [Alias("Export"), ResponseTimeout("01:00:00"), OpenTo(Role.Read)]
    Task<ExportReply> Export(ExportCall call);

    /// <summary>Evaluates; with a file, also how well the energy separates its rows from the data.</summary>
    /// <exception cref="Core.InputException">No such run or checkpoint, or a bad file.</exception>
    [Alias("Evaluate"), ResponseTimeout("01:00:00"), OpenTo(Role.Read)]
    Task<EvaluationReply> Evaluate(EvaluateCall call);

    /// <summary>Does a piece of a long run; the file is the chains' states.</summary>
    /// <exception cref="Core.InputException">No such run or checkpoint, a sampler that draws nothing, states of other
    /// chains.</exception>
    [Alias("Continue"), ResponseTimeout("01:00:00"), OpenTo(Role.Read)]
    Task<LongRunReply> Continue(LongRunCall call);

    /// <summary>
    /// A piece of the last call's result: its parts (values, picture, files) end to end, in pieces of
    /// <see cref="ByteBlock.Limit"/>.
    /// </summary>
    [Alias("Take"), OpenTo(Role.Read)]
    Task<ByteBlock> Take(int piece);

    /// <summary>Longest file, in bytes.</summary>
    const int LongestFile = 256 << 20;
}

/// <summary>Which samples are wanted.</summary>
/// <param name="Round">The checkpoint's round; the newest if null.</param>
/// <param name="Count">Number of chains.</param>
/// <param name="Steps">Transitions of each; the sampler's default if null.</param>
/// <param name="Seed">Seed of the chains; the run's if null.</param>
/// <param name="ClampFile">Name of the file that was put, whose values are kept; null if none was.</param>
/// <param name="Known">Which half of each of its images is known; all that is a number if null.</param>
/// <param name="StartFile">Name of the file that was put, from whose rows the chains go on; null if none was. Excludes
/// the other.</param>
/// <param name="Class">The class of all chains, of a model with classes; if null, those of the file's rows or, without
/// labels there, as they come in the data.</param>
/// <param name="EachClass">Whether the count is meant for each class.</param>
[GenerateSerializer, Immutable, Alias("ebm.SampleCall")]
internal sealed record SampleCall(
    [property: Id(0)] long? Round,
    [property: Id(1)] int Count,
    [property: Id(2)] int? Steps,
    [property: Id(3)] ulong? Seed,
    [property: Id(4)] string? ClampFile,
    [property: Id(5)] KnownSide? Known,
    [property: Id(6)] string? StartFile = null,
    [property: Id(7)] int? Class = null,
    [property: Id(8)] bool EachClass = false);

/// <summary>Which rows are to be scored.</summary>
/// <param name="Round">The checkpoint's round; the newest if null.</param>
/// <param name="File">Name of the file that was put.</param>
/// <param name="Class">The class of all rows, of a model with classes; if null, the file's labels or, where it has
/// none, each row's class of lowest energy.</param>
[GenerateSerializer, Immutable, Alias("ebm.ScoreCall")]
internal sealed record ScoreCall(
    [property: Id(0)] long? Round, [property: Id(1)] string File, [property: Id(2)] int? Class = null);

/// <summary>What there is to take.</summary>
/// <param name="Round">The checkpoint's round.</param>
/// <param name="Steps">Transitions that were made; 0 for scores.</param>
/// <param name="ValueBytes">Length of the values: little-endian float32, states row after row, or an energy a row and
/// then, of a model with classes, the class a row.</param>
/// <param name="PictureBytes">Length of their rendering, which follows: a PNG, or lines of text; 0 for
/// scores.</param>
/// <param name="Rows">Number of samples or of scored rows.</param>
/// <param name="Classes">Where the rows' classes came from.</param>
/// <param name="IsText">Whether the rendering is lines of text.</param>
[GenerateSerializer, Immutable, Alias("ebm.ModelReply")]
internal sealed record ModelReply(
    [property: Id(0)] long Round, [property: Id(1)] int Steps, [property: Id(2)] long ValueBytes,
    [property: Id(3)] long PictureBytes,
    [property: Id(4)] int Rows, [property: Id(5)] ClassOrigin Classes,
    [property: Id(6)] bool IsText = false);

/// <summary>Where the classes of rows came from.</summary>
internal enum ClassOrigin
{
    /// <summary>The model has no classes.</summary>
    None,

    /// <summary>They were asked for.</summary>
    Call,

    /// <summary>As they come in the training data.</summary>
    Data,

    /// <summary>From the file.</summary>
    File,

    /// <summary>Each row's class of lowest energy.</summary>
    Lowest,
}

/// <summary>Which model is to be exported.</summary>
/// <param name="Round">The checkpoint's round; the newest if null.</param>
[GenerateSerializer, Immutable, Alias("ebm.ExportCall")]
internal sealed record ExportCall([property: Id(0)] long? Round);

/// <summary>The files that there are to take.</summary>
/// <param name="Round">The checkpoint's round.</param>
/// <param name="Parts">The files in their order.</param>
[GenerateSerializer, Immutable, Alias("ebm.ExportReply")]
internal sealed record ExportReply([property: Id(0)] long Round, [property: Id(1)] IReadOnlyList<ExportPart> Parts);

/// <summary>A file of an export.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Bytes">Its length.</param>
[GenerateSerializer, Immutable, Alias("ebm.ExportPart")]
internal sealed record ExportPart([property: Id(0)] string Name, [property: Id(1)] long Bytes);

/// <summary>Which part of an image is known.</summary>
internal enum KnownSide
{
    /// <summary>The upper half.</summary>
    Top,

    /// <summary>The lower half.</summary>
    Bottom,

    /// <summary>The left half.</summary>
    Left,

    /// <summary>The right half.</summary>
    Right,
}
