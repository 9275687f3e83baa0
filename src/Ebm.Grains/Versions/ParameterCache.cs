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
/// A silo's copies of parameter versions: each is pulled once and shared by all shards of the silo. A version that is
/// retired goes when the last lane is done with it.
/// </summary>
public sealed class ParameterCache(IGrainFactory grains, DeviceLanes lanes, SiloMetrics metrics)
{
    private readonly ConcurrentDictionary<VersionKey, Lazy<Task<SharedParameters?>>> _versions = new();

    /// <summary>Puts a version here that was made here: the parameter server's own silo pulls nothing.</summary>
    public void Publish(VersionKey key, Parameters parameters) =>
        _versions[key] = new(Task.FromResult<SharedParameters?>(new SharedParameters(key.Version, parameters)));

    /// <summary>Lets go of all that a run has here; who still needs a version pulls it again.</summary>
    public void Forget(string run) => Retire(run, long.MaxValue, 0);

    /// <summary>
    /// A version to compute with, until the lease is disposed; null where the parameter server does not have it.
    /// Versions of the run before <paramref name="oldest"/> or of earlier epochs are retired.
    /// </summary>
    public async Task<ParameterLease?> Lease(VersionKey key, ParameterLayout layout, long oldest)
    {
        Retire(key.Run, key.Epoch, oldest);

        // Lazy, because shards ask from several threads at once, and only one of them is to pull.
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
                // Neither a failure nor "not there" is remembered: the next one asks again.
                _versions.TryRemove(KeyValuePair.Create(key, pending));
            }
        }

        return shared?.TryLease();
    }

    /// <summary>
    /// Lets go of a run's versions before <paramref name="oldest"/>, and of all from before <paramref name="epoch"/>.
    /// </summary>
    public void Retire(string run, long epoch, long oldest)
    {
        foreach (var (key, pending) in _versions)
        {
            var old = key.Epoch < epoch || (key.Epoch == epoch && key.Version < oldest);
            if (key.Run == run && old && pending is { IsValueCreated: true, Value.IsCompleted: true }
                && _versions.TryRemove(KeyValuePair.Create(key, pending)))
            {
                if (pending.Value.IsCompletedSuccessfully)
                {
                    pending.Value.GetAwaiter().GetResult()?.Retire();
                }
            }
        }
    }

    private async Task<SharedParameters?> Pull(VersionKey key, ParameterLayout layout)
    {
        using var span = Tracing.Start(Catalogue.PullSpan).With(Catalogue.Version, key.Version);
        var server = grains.GetGrain<IParameterServerGrain>(key.Run);
        var bytes = await PagedBytes.Collect(async page => await server.Pull(key.Epoch, key.Version, page) is { Found: true } block
            ? new BytePage(block.Blocks, block.Bytes)
            : null);
        if (bytes is null)
        {
            return null;
        }

        metrics.Received("parameters", bytes.LongLength);
        span.With(Catalogue.Size, bytes.LongLength);
        return await lanes.Run(key.Run, lane => new SharedParameters(key.Version, Assemble(layout, bytes, lane.Device)));
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
