using Ebm.Contracts.Retries;
using Ebm.Core;
using Ebm.Grains.Stores;
using Orleans.Storage;

namespace Ebm.Grains.Runs;

/// <summary>
/// Writes a run's record, one write at a time, until the store has it. A store that came back older than this
/// activation is given what it has forgotten; one that another activation has written to ends this one.
/// </summary>
internal sealed class RunRecordKeeper(IPersistentState<RunRecord> state, StoreHealth health, TimeProvider time)
{
    private static readonly Backoff Backoff = new(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(2));

    // Reports interleave with everything else, and a store takes one write of a record at a time.
    private readonly SemaphoreSlim _writing = new(1);

    /// <summary>The record.</summary>
    public RunRecord Record => state.State;

    /// <summary>Whether there is one.</summary>
    public bool Exists => state.RecordExists;

    /// <summary>Makes a record; it is not written yet.</summary>
    public void Begin(RunRecord record) => state.State = record;

    /// <summary>Writes it.</summary>
    /// <exception cref="ActivationReplacedException">Another activation of the run has written since.</exception>
    /// <exception cref="EbmException">The store says that it will not take it.</exception>
    public async Task Write()
    {
        await _writing.WaitAsync();
        try
        {
            Record.Updated = time.GetUtcNow();
            Record.Revision++;
            await Repeat(WriteOver);
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <summary>Deletes it.</summary>
    public Task Clear() => Repeat(state.ClearStateAsync);

    private async Task WriteOver()
    {
        try
        {
            await state.WriteStateAsync();
        }
        catch (InconsistentStateException)
        {
            var mine = Record;
            await state.ReadStateAsync();
            if (state.RecordExists && Record.Revision >= mine.Revision)
            {
                throw new ActivationReplacedException();
            }

            state.State = mine;
            await state.WriteStateAsync();
        }
    }

    private async Task Repeat(Func<Task> write)
    {
        try
        {
            await Retry.Call(write, IsTransient, Backoff, ReportOutage, time, CancellationToken.None);
        }
        catch (Exception e) when (Refusal(e) is { } refused)
        {
            throw new EbmException(refused.Message, e);
        }
    }

    // The exceptions of an absent store differ from storage provider to storage provider; all of them are retried.
    private static bool IsTransient(Exception e) =>
        Refusal(e) is null && e is not (ActivationReplacedException or OperationCanceledException);

    private void ReportOutage(FailedAttempt failed) =>
        health.Failed($"the runs' records cannot be written: {failed.Failure.GetBaseException().Message}");

    /// <summary>What the store itself says; Orleans wraps it.</summary>
    private static EbmException? Refusal(Exception? e) =>
        e is null ? null : e as EbmException ?? Refusal(e.InnerException);
}

/// <summary>Another activation owns the run; this one must end.</summary>
internal sealed class ActivationReplacedException() : OrleansException("The run goes on in another activation.");
