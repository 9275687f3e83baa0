using Ebm.Contracts;
using Ebm.Grains.Stores;
using Ebm.Grains.Telemetry;

namespace Ebm.Grains.Runs;

/// <summary>Counts the calls that a silo's grains refuse, by reason.</summary>
internal sealed class RefusalCounter(SiloMetrics metrics) : IIncomingGrainCallFilter
{
    /// <inheritdoc/>
    public async Task Invoke(IIncomingGrainCallContext context)
    {
        try
        {
            await context.Invoke();
        }
        catch (Exception e) when (Reason(e) is { } reason)
        {
            metrics.Refused(reason);
            throw;
        }

        if (context.Result is Contracts.Chains.AdvanceReply { Outcome: Contracts.Chains.AdvanceOutcome.StaleEpoch }
            or Contracts.Chains.RewindReply { Accepted: false, Problem: null })
        {
            metrics.Refused("stale_epoch");
        }
    }

    private static string? Reason(Exception e) => e switch
    {
        MalformedMessageException => "malformed",
        MessageTooLargeException => "too_large",
        UnknownRunException => "unknown_run",
        StaleEpochException => "stale_epoch",
        _ => null,
    };
}
