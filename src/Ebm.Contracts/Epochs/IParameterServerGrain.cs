using Orleans.Concurrency;

namespace Ebm.Contracts.Epochs;

/// <summary>Holds a run's parameters and drives its rounds. Its key is the run's id.</summary>
[Alias("ebm.IParameterServerGrain")]
internal interface IParameterServerGrain : IGrainWithStringKey
{
    /// <summary>
    /// Takes over the run with an epoch above all before, restores the newest checkpoint and continues. Returns at
    /// once.
    /// </summary>
    [Alias("Start")]
    Task Start(ServerStart start);

    /// <summary>
    /// Ends the epoch at its next round boundary, with a checkpoint. Returns at once; a report follows.
    /// </summary>
    [Alias("Stop")]
    Task Stop();

    /// <summary>
    /// Ends as <see cref="Stop"/> does, because this silo is about to stop: a server elsewhere continues without losing
    /// a round. Returns after the last report.
    /// </summary>
    [Alias("HandOver"), AlwaysInterleave]
    Task HandOver();

    /// <summary>The server's heartbeat.</summary>
    [Alias("Beat"), AlwaysInterleave, ResponseTimeout("00:00:05")]
    Task<ServerHeartbeat> Beat();

    /// <summary>A snapshot for monitoring.</summary>
    [Alias("View"), AlwaysInterleave, ResponseTimeout("00:00:05")]
    Task<ServerView> View();

    /// <summary>
    /// A block of a version: pages of the flat float32 parameters and, after them, the sampler's float64 tuning, both
    /// little-endian.
    /// </summary>
    [Alias("Pull"), AlwaysInterleave, ResponseTimeout("00:00:15")]
    Task<ParameterBlock> Pull(long epoch, long version, int block);
}

/// <summary>The assignment of a run to its parameter server.</summary>
/// <param name="Epoch">The server's epoch.</param>
/// <param name="Run">The run.</param>
/// <param name="Stop">Whether the run was asked to stop already.</param>
/// <param name="Trace">W3C trace context of the call that submitted the run; null where it was not traced.</param>
[GenerateSerializer, Immutable, Alias("ebm.ServerStart")]
internal sealed record ServerStart(
    [property: Id(0)] long Epoch, [property: Id(1)] Runs.RunDescription Run, [property: Id(2)] bool Stop = false,
    [property: Id(3)] string? Trace = null);

/// <summary>A parameter server's heartbeat.</summary>
/// <param name="Epoch">Its epoch; 0 where it has had none.</param>
/// <param name="Version">Rounds applied.</param>
/// <param name="Busy">Whether it works on the epoch.</param>
[GenerateSerializer, Immutable, Alias("ebm.ServerBeat")]
internal sealed record ServerHeartbeat(
    [property: Id(0)] long Epoch, [property: Id(1)] long Version, [property: Id(2)] bool Busy);

/// <summary>A block of parameters.</summary>
/// <param name="Found">Whether the server has the version, and the version this block.</param>
/// <param name="Blocks">Number of blocks of the version.</param>
/// <param name="Bytes">The block, at most <see cref="ByteBlock.Limit"/> bytes.</param>
[GenerateSerializer, Immutable, Alias("ebm.ParameterBlock")]
internal sealed record ParameterBlock(
    [property: Id(0)] bool Found, [property: Id(1)] int Blocks, [property: Id(2)] ByteBlock Bytes);
