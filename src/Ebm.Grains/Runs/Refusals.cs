using System.Diagnostics.Metrics;
using Ebm.Contracts;
using Ebm.Grains.Stores;

namespace Ebm.Grains.Runs;

/// <summary>Counts the calls that a silo's grains refuse, by reason.</summary>
public sealed class Refusals : IIncomingGrainCallFilter, IDisposable
{
    private readonly Meter _meter = new("Ebm");
    private readonly Counter<long> _refused;

    /// <summary>Creates the counter.</summary>
    public Refusals() => _refused = _meter.CreateCounter<long>(
        "ebm.calls.refused", "{call}", "Calls that were refused: malformed, too large, from an older epoch, for no run.");

    /// <inheritdoc/>
    public async Task Invoke(IIncomingGrainCallContext context)
    {
        try
        {
            await context.Invoke();
        }
        catch (Exception e) when (Reason(e) is { } reason)
        {
            Count(reason);
            throw;
        }

        if (context.Result is Contracts.Chains.AdvanceReply { Outcome: Contracts.Chains.AdvanceOutcome.StaleEpoch }
            or Contracts.Chains.RewindReply { Accepted: false, Problem: null })
        {
            Count("stale_epoch");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();

    private void Count(string reason) => _refused.Add(1, KeyValuePair.Create<string, object?>("reason", reason));

    private static string? Reason(Exception e) => e switch
    {
        MalformedMessageException => "malformed",
        MessageTooLargeException => "too_large",
        UnknownRunException => "unknown_run",
        StaleEpochException => "stale_epoch",
        _ => null,
    };
}
