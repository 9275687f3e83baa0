using Ebm.Configuration.Reading;
using Ebm.Contracts.Runs;
using Ebm.Core.Spec;

namespace Ebm.Grains.Tests.Runs;

/// <summary>What a client does with a run.</summary>
internal static class RunCalls
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static RunSubmission Submission(RunSpec spec) => new(SpecJson.Write(spec), SpecJson.Digest(spec));

    /// <summary>Follows a run until something holds of it; a call that a dying silo swallowed is repeated.</summary>
    public static async Task<RunStatus> Until(this IRunGrain run, Func<RunStatus, bool> when)
    {
        var begun = TimeProvider.System.GetTimestamp();
        var after = 0L;
        while (true)
        {
            RunStatus? status = null;
            try
            {
                status = (await run.Events(after, TestContext.Current.CancellationToken)).Status;
                after = status.LastEvent;
            }
            catch (Exception e) when (e is OrleansException or TimeoutException)
            {
            }

            if (status is not null && when(status))
            {
                return status;
            }

            Assert.True(
                TimeProvider.System.GetElapsedTime(begun) < Patience,
                $"The run is {status?.State} ({status?.Reason}) at round {status?.Round}.");
        }
    }

    public static Task<RunStatus> End(this IRunGrain run) =>
        run.Until(s => s.State is not (RunState.Pending or RunState.Running or RunState.Stopping));

    public static async Task<RunStatus> Complete(this IRunGrain run, RunSpec spec)
    {
        await run.Submit(Submission(spec));
        return await run.End();
    }

    /// <summary>What has to be the same bits.</summary>
    public static (long, string, string) Hashes(this RunStatus status)
    {
        Assert.True(status.State == RunState.Succeeded, $"{status.State}: {status.Reason}");
        return (status.Result!.Round, status.Result.ParametersSha256, status.Result.StateSha256);
    }
}
