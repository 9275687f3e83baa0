namespace Ebm.Contracts.Runs;

/// <summary>Kinds of event. Stored events have their numbers.</summary>
internal enum RunEventKind
{
    /// <summary>The run's state changed.</summary>
    State,

    /// <summary>A round was applied.</summary>
    Round,

    /// <summary>A checkpoint is stored.</summary>
    Checkpoint,

    /// <summary>A file was written into the run's folder.</summary>
    Artefact,

    /// <summary>A metric of an evaluation, or a text that explains one.</summary>
    Evaluation,

    /// <summary>A text that the user should read.</summary>
    Notice,

    /// <summary>The first of a round's negatives, where they are lines of text.</summary>
    Samples,

    /// <summary>The run has diverged and was rolled back: a new attempt begins.</summary>
    Rollback,

    /// <summary>The run waits for a store or for a silo.</summary>
    Waiting,

    /// <summary>The wait is over.</summary>
    Resumed,

    /// <summary>An epoch ended early; the next one rewinds all shards to a checkpoint.</summary>
    Rewound,
}
