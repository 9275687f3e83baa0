using System.Collections.Concurrent;
using TorchSharp;

namespace Ebm.Grains.Faults;

/// <summary>Moments of the round protocol at which a chaos run lets a silo fail.</summary>
internal enum FaultPoint
{
    /// <summary>A shard has its negatives, and the store has not.</summary>
    BeforeCommit,

    /// <summary>The store has taken a round, and the shard has not heard of it.</summary>
    AfterCommit,

    /// <summary>A shard has committed its round, and has not answered yet.</summary>
    BeforeReply,

    /// <summary>A version exists, and is not announced yet.</summary>
    AfterUpdate,

    /// <summary>A checkpoint's content is stored, and its pointer is not.</summary>
    InCheckpoint,

    /// <summary>A shard is about to be put back to a checkpoint.</summary>
    InRewind,

    /// <summary>A run has diverged, and is about to go back.</summary>
    BeforeRollback,

    /// <summary>The checkpoint of the next attempt is stored, and not announced yet.</summary>
    AfterRollback,
}

/// <summary>
/// Where the protocol says how far it has come. Nothing happens there unless a supervisor on this machine has armed the
/// point (<c>ebm chaos</c>): unarmed, it costs one look-up in an empty dictionary.
/// </summary>
internal sealed class FaultPoints
{
    private readonly ConcurrentDictionary<FaultPoint, Action<string, long>> _armed = new();

    /// <summary>
    /// Corrupts the data batch of a round (run, attempt, round); set in tests of recovery only. A null result leaves
    /// the batch as it is.
    /// </summary>
    public Func<string, int, long, Action<torch.Tensor>?>? CorruptBatch { get; set; }

    /// <summary>Does <paramref name="act"/> (run, round) once, the next time the point is reached.</summary>
    public void Arm(FaultPoint point, Action<string, long> act) => _armed[point] = act;

    /// <summary>Disarms all points.</summary>
    public void Disarm() => _armed.Clear();

    /// <summary>The protocol is at a point.</summary>
    public void Reached(FaultPoint point, string run, long round)
    {
        if (!_armed.IsEmpty && _armed.TryRemove(point, out var act))
        {
            act(run, round);
        }
    }
}
