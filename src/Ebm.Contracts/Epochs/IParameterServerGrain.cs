using Orleans.Concurrency;

namespace Ebm.Contracts.Epochs;

/// <summary>Holds a run's parameters and drives its rounds. Its key is the run's id.</summary>
[Alias("ebm.IParameterServerGrain")]
public interface IParameterServerGrain : IGrainWithStringKey
{
    /// <summary>
    /// Takes over the run with an epoch above any before, restores the latest checkpoint and goes on.
    /// </summary>
    [Alias("Start")]
    Task Start(ServerStart start);

    /// <summary>
    /// Ends at the next round boundary with a checkpoint. Returns at once; the run grain is told when it is done.
    /// </summary>
    [Alias("Stop")]
    Task Stop();

    /// <summary>
    /// Ends as <see cref="Stop"/> does, for a server elsewhere to go on without losing a round: this silo is about to
    /// stop. Returns when the run was told.
    /// </summary>
    [Alias("HandOver"), AlwaysInterleave]
    Task HandOver();

    /// <summary>Whether it works for this epoch, and what it is at: its sign of life.</summary>
    [Alias("Beat"), AlwaysInterleave, ResponseTimeout("00:00:05")]
    Task<ServerHeartbeat> Beat();

    /// <summary>What it is at, for people who look.</summary>
    [Alias("View"), AlwaysInterleave, ResponseTimeout("00:00:05")]
    Task<ServerView> View();

    /// <summary>One block of a version's flat little-endian float32 parameters.</summary>
    [Alias("Pull"), AlwaysInterleave, ResponseTimeout("00:00:15")]
    Task<ParameterBlock> Pull(long epoch, long version, int block);
}

/// <summary>The assignment of a run to its parameter server.</summary>
/// <param name="Epoch">The server's epoch.</param>
/// <param name="Run">The run.</param>
/// <param name="Stop">Whether the run was told to stop already.</param>
/// <param name="Trace">W3C trace context of the call that submitted the run; null where it was not traced.</param>
[GenerateSerializer, Immutable, Alias("ebm.ServerStart")]
public sealed record ServerStart(
    [property: Id(0)] long Epoch, [property: Id(1)] Runs.RunDescription Run, [property: Id(2)] bool Stop = false,
    [property: Id(3)] string? Trace = null);

/// <summary>A sign of life.</summary>
[GenerateSerializer, Immutable, Alias("ebm.ServerBeat")]
public sealed record ServerHeartbeat(
    [property: Id(0)] long Epoch, [property: Id(1)] long Version, [property: Id(2)] bool Busy);

/// <summary>A block of parameters, or the news that this version is not here.</summary>
[GenerateSerializer, Immutable, Alias("ebm.ParameterBlock")]
public sealed record ParameterBlock(
    [property: Id(0)] bool Found, [property: Id(1)] int Blocks, [property: Id(2)] ByteBlock Bytes);
