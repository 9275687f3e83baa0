using System.ComponentModel;

namespace Ebm.Client;

/// <summary>All exit codes of the console; docs/exit-codes.md is held against this table.</summary>
public enum ExitCode
{
    /// <summary>Done.</summary>
    [Description("done; a run has succeeded, or had before")]
    Succeeded = 0,

    /// <summary>A defect of this program.</summary>
    [Description("unexpected error: a defect of this program (`--verbose` shows where)")]
    Unexpected = 1,

    /// <summary>Nothing was done because of what was asked for.</summary>
    [Description("bad usage, spec or data; nothing was created or changed")]
    BadInput = 2,

    /// <summary>The run failed, or cannot be worked on.</summary>
    [Description("the run failed, or cannot be worked on (its folder cannot be written, another process works on it)")]
    Failed = 3,

    /// <summary>The run was stopped and can go on.</summary>
    [Description("the run was stopped at a round boundary, with a checkpoint; `resume` goes on")]
    Stopped = 4,

    /// <summary>There is no such run or checkpoint.</summary>
    [Description("no such run or checkpoint")]
    NotFound = 5,

    /// <summary>No answer from the cluster.</summary>
    [Description("the cluster cannot be reached, or does not answer")]
    Unreachable = 6,

    /// <summary>Ended by a signal without a checkpoint of its own.</summary>
    [Description("quit at once by a signal (a second Ctrl-C); `resume` goes on from the last checkpoint")]
    Interrupted = 130,
}
