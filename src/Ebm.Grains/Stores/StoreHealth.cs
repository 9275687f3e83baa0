using Ebm.Core;

namespace Ebm.Grains.Stores;

/// <summary>
/// Whether the store that all silos share answers, as this silo sees it. Work on it waits while it does not.
/// </summary>
internal sealed class StoreHealth(TimeProvider time)
{
    private volatile Outage? _outage;

    /// <summary>What is wrong, in the words of a run's status; null while all is well.</summary>
    public string? Waiting => _outage?.Reason;

    /// <summary>Since when it is wrong.</summary>
    public DateTimeOffset? Since => _outage?.Since;

    /// <summary>A call failed, and will be repeated.</summary>
    public void Failed(string reason) => _outage = new Outage(reason, _outage?.Since ?? time.GetUtcNow());

    /// <summary>A call was answered.</summary>
    public void Answered() => _outage = null;

    private sealed record Outage(string Reason, DateTimeOffset Since);
}

/// <summary>The shared store does not answer, or takes nothing, for now; the same call may be made again.</summary>
internal sealed class StoreUnavailableException(string message, Exception inner) : EbmException(message, inner);

/// <summary>A stored record is corrupt: its checksum does not match.</summary>
internal sealed class CorruptRecordException(string message) : EbmException(message);
