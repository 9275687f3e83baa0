using System.Collections.Concurrent;
using Ebm.Contracts.Epochs;
using Microsoft.Extensions.Logging;

namespace Ebm.Grains.Epochs;

/// <summary>
/// The parameter servers that work on this silo. Before the silo leaves the cluster, each ends at its next round
/// boundary with a checkpoint, and its run continues elsewhere without losing a round. Shards need no handover: the
/// store has all of their slots.
/// </summary>
internal sealed partial class LocalServers(IGrainFactory grains, ILogger<LocalServers> logger)
    : ILifecycleParticipant<ISiloLifecycle>
{
    private readonly ConcurrentDictionary<string, byte> _runs = new();

    /// <summary>A run's parameter server begins to work here.</summary>
    public void Enter(string run) => _runs.TryAdd(run, 0);

    /// <summary>A run's parameter server has ended.</summary>
    public void Leave(string run) => _runs.TryRemove(run, out _);

    /// <inheritdoc/>
    public void Participate(ISiloLifecycle lifecycle) => lifecycle.Subscribe(
        nameof(LocalServers), ServiceLifecycleStage.Active, _ => Task.CompletedTask, HandOver);

    private Task HandOver(CancellationToken cancellationToken) => Task.WhenAll(_runs.Keys.Select(async run =>
    {
        try
        {
            await grains.GetGrain<IParameterServerGrain>(run).HandOver().WaitAsync(cancellationToken);
        }
        catch (Exception e)
        {
            // The run grain then finds the server missing, and the run resumes from its last checkpoint.
            LogHandOver(e, run);
        }
    }));

    [LoggerMessage(13, LogLevel.Warning, "Run {Run} was not handed over; it resumes from its last checkpoint")]
    private partial void LogHandOver(Exception e, string run);
}
