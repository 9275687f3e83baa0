using Ebm.Contracts.Access;
using Orleans.Concurrency;

namespace Ebm.Contracts.Runs;

/// <summary>A run's life: its spec, its state, its epochs and its events. Its key is the run's id.</summary>
[Alias("ebm.IRunGrain")]
internal interface IRunGrain : IGrainWithStringKey
{
    /// <summary>
    /// Accepts a run and starts it, or continues a stopped one. The same id and spec twice is one run;
    /// another spec under a taken id is refused.
    /// </summary>
    [Alias("Submit"), OpenTo(Role.Submit)]
    Task<RunStatus> Submit(RunSubmission submission);

    /// <summary>The run as it is now; null where there is none.</summary>
    [Alias("Status"), AlwaysInterleave, OpenTo(Role.Read)]
    Task<RunStatus?> Status();

    /// <summary>What a silo needs to know to compute for this run; null where there is none.</summary>
    [Alias("Describe"), AlwaysInterleave]
    Task<RunDescription?> Describe();

    /// <summary>Stops at the next round boundary, with a checkpoint.</summary>
    [Alias("Stop"), OpenTo(Role.Submit)]
    Task Stop();

    /// <summary>Goes on after a stop or a failure.</summary>
    [Alias("Resume"), OpenTo(Role.Submit)]
    Task<RunStatus> Resume(bool allowNewHardware);

    /// <summary>Deletes the run and all that is stored of it; a run at work is ended first.</summary>
    [Alias("Delete"), OpenTo(Role.Admin)]
    Task Delete();

    /// <summary>
    /// Looks after the run now: whether its parameter server lives, whether it can go on. Does nothing to one that has
    /// ended.
    /// </summary>
    [Alias("Touch")]
    Task Touch();

    /// <summary>What the stores hold of the run.</summary>
    [Alias("Details"), AlwaysInterleave, OpenTo(Role.Read)]
    Task<RunDetails> Details();

    /// <summary>
    /// A file that the run wrote for people, such as <c>curves.png</c> or <c>metrics.jsonl</c>, in pieces; null where
    /// there is none.
    /// </summary>
    [Alias("Artefact"), AlwaysInterleave, OpenTo(Role.Read)]
    Task<ArtefactPiece?> Artefact(string name, int piece);

    /// <summary>
    /// Events after a number, at once where there are some, else as soon as one comes, else an empty page after a
    /// while.
    /// </summary>
    [Alias("Events"), AlwaysInterleave, OpenTo(Role.Read)]
    Task<EventPage> Events(long after, CancellationToken cancellationToken);

    /// <summary>From the parameter server: what happened. Refused from an older epoch.</summary>
    [Alias("Report"), AlwaysInterleave]
    Task<bool> Report(ServerReport report);
}
