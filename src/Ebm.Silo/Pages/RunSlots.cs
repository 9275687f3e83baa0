using Ebm.Configuration.Reading;
using Ebm.Contracts;
using Ebm.Contracts.Runs;
using Ebm.Core.Plans;
using Ebm.Core.Replay;

namespace Ebm.Silo.Pages;

/// <summary>Ages of a run's replay slots as JSON, cached for a few seconds.</summary>
internal sealed class RunSlots(string id, IRunGrain run, TimeProvider time)
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private Task<string>? _latest;
    private long _begun;

    /// <summary>The ages; <c>null</c> where the run has no slots, or has not begun.</summary>
    public Task<string> Read()
    {
        lock (_gate)
        {
            if (_latest is null || _latest.IsFaulted || time.GetElapsedTime(_begun) > Every)
            {
                (_latest, _begun) = (Find(), time.GetTimestamp());
            }

            return _latest;
        }
    }

    private async Task<string> Find()
    {
        var description = await run.Describe() ?? throw new UnknownRunException(id);
        return await run.Status() is { Shape: { } shape } status
            ? PagesJson.Write(Of(description, shape, status))
            : "null";
    }

    private static SlotAges? Of(RunDescription description, RunShape shape, RunStatus status)
    {
        var spec = SpecJson.Read(description.SpecJson);
        var from = status.Rollbacks is [.., var last] ? last.Base : 0;
        return SlotAges.Of(spec, RunPlan.For(spec, shape.Rows), status.Attempt, from, Math.Max(from, status.Round));
    }
}
