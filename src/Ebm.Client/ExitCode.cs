using System.ComponentModel;

namespace Ebm.Client;

/// <summary>All exit codes of the console. A test compares them with docs/exit-codes.md.</summary>
internal enum ExitCode
{
    /// <summary>Success.</summary>
    [Description("success; a run has finished, now or earlier")]
    Succeeded = 0,

    /// <summary>A bug in this program.</summary>
    [Description("unexpected error: a bug in ebm; `--verbose` prints the stack trace")]
    Unexpected = 1,

    /// <summary>The command line, spec or data is invalid; nothing was done.</summary>
    [Description("invalid usage, spec or data; nothing was created or changed")]
    BadInput = 2,

    /// <summary>The run failed, or cannot start.</summary>
    [Description("the run failed, or cannot start (its folder is not writable, or another process uses it)")]
    Failed = 3,

    /// <summary>The run was stopped and can be resumed.</summary>
    [Description("the run was stopped at a round boundary, with a checkpoint; `resume` continues it")]
    Stopped = 4,

    /// <summary>The run or checkpoint does not exist.</summary>
    [Description("run or checkpoint not found")]
    NotFound = 5,

    /// <summary>The cluster does not answer.</summary>
    [Description("the cluster is unreachable, or does not answer")]
    Unreachable = 6,

    /// <summary>A signal ended the program before it wrote a checkpoint.</summary>
    [Description("a signal ended the program at once (a second Ctrl-C); `resume` continues from the last checkpoint")]
    Interrupted = 130,
}
