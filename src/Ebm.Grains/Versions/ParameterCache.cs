using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Ebm.Contracts;
using Ebm.Contracts.Epochs;
using Ebm.Core.Energies;
using Ebm.Grains.Devices;
using Ebm.Grains.Telemetry;
using TorchSharp;

namespace Ebm.Grains.Versions;

/// <summary>
/// A silo's copies of parameter versions: each is pulled once and shared by all shards of the silo. A retired version
/// is freed when the last lane has finished with it.
/// </summary>
internal sealed class ParameterCache(IGrainFactory grains, DeviceLanes lanes, SiloMetrics metrics)
{
    private readonly ConcurrentDictionary<VersionKey, Lazy<Task<SharedParameters?>>> _versions = new();

    /// <summary>Adds a version that was computed here: the parameter server's own silo pulls nothing.</summary>
    public void Publish(VersionKey key, Parameters parameters) =>
        _versions[key] = new(Task.FromResult<SharedParameters?>(new SharedParameters(key.Version, parameters)));

    /// <summary>Retires all versions of a run. A shard that still needs one pulls it again.</summary>
    public void Forget(string run) => Retire(run, long.MaxValue, 0);

    /// <summary>
    /// A version to compute with, until the lease is disposed; null if the parameter server does not have it. Retires
    /// the run's versions before <paramref name="oldest"/>, and those of earlier epochs.
    /// </summary>
    public async Task<ParameterLease?> Lease(VersionKey key, ParameterLayout layout, long oldest)
    {
        Retire(key.Run, key.Epoch, oldest);

        // Lazy, because shards ask from several threads at once, and only one of them may pull.
        var pending = _versions.GetOrAdd(key, k => new(() => Pull(k, layout)));
        SharedParameters? shared = null;
        try
        {
            shared = await pending.Value;
        }
        finally
        {
            if (shared is null)
            {
                // Neither a failure nor a missing version is kept: the next caller asks again.
                _versions.TryRemove(KeyValuePair.Create(key, pending));
            }
        }

        return shared?.TryLease();
    }

    /// <summary>
    /// Retires a run's versions before <paramref name="oldest"/>, and all of epochs before <paramref name="epoch"/>.
    /// </summary>
    public void Retire(string run, long epoch, long oldest)
    {
        foreach (var (key, pending) in _versions)
        {
            var isOld = key.Run == run && (key.Epoch < epoch || (key.Epoch == epoch && key.Version < oldest));
            if (isOld
                && pending is { IsValueCreated: true, Value.IsCompleted: true }
                && _versions.TryRemove(KeyValuePair.Create(key, pending))
                && pending.Value.IsCompletedSuccessfully)
            {
                pending.Value.GetAwaiter().GetResult()?.Retire();
            }
        }
    }

    private async Task<SharedParameters?> Pull(VersionKey key, ParameterLayout layout)
    {
        using var span = Tracing.Start(Catalogue.PullSpan).With(Catalogue.Version, key.Version);
        var server = grains.GetGrain<IParameterServerGrain>(key.Run);
        var bytes = await PagedBytes.Collect(async page =>
        {
            var block = await server.Pull(key.Epoch, key.Version, page);
            return block.Found ? new BytePage(block.Blocks, block.Bytes) : null;
        });
        if (bytes is null)
        {
            return null;
        }

        metrics.Received("parameters", bytes.LongLength);
        span.With(Catalogue.Size, bytes.LongLength);
        return await lanes.Run(
            key.Run, lane => new SharedParameters(key.Version, Assemble(layout, bytes, lane.Device)));
    }

    private static Parameters Assemble(ParameterLayout layout, byte[] bytes, torch.Device device)
    {
        using var host = torch.empty(layout.Length, torch.float32);

        // The flat vector, and after it the values that the sampler has adapted.
        var flat = (int)(layout.Length * sizeof(float));
        bytes.AsSpan(0, flat).CopyTo(host.bytes);
        return new Parameters(
            layout, host.to(device, copy: true), MemoryMarshal.Cast<byte, double>(bytes.AsSpan(flat)).ToArray());
    }
}
