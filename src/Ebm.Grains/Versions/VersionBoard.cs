using System.Runtime.InteropServices;
using Ebm.Contracts;
using Ebm.Contracts.Epochs;
using Ebm.Core.Energies;
using Ebm.Grains.Devices;
using Ebm.Grains.Runs;
using TorchSharp;

namespace Ebm.Grains.Versions;

/// <summary>
/// The versions that a parameter server offers: those that shards may still ask for. Its own silo shares the tensors;
/// other silos pull blocks, which are copied off the device once a version. The board has views of its own, because a
/// checkpoint may need a version that the silo's cache has retired: its shards can be a version ahead of the server.
/// </summary>
internal sealed class VersionBoard(RunContext run, long epoch, ParameterCache cache, DeviceLanes lanes)
{
    private readonly SortedDictionary<long, SharedParameters> _versions = [];
    private readonly Dictionary<long, Task<PagedBytes>> _pages = [];

    /// <summary>Offers a version; <paramref name="parameters"/> belong to the board from now on.</summary>
    public void Publish(long version, Parameters parameters)
    {
        cache.Publish(Key(version), new Parameters(run.Energy.Layout, parameters.Flat.alias(), parameters.Tuning));
        _versions.Add(version, new SharedParameters(version, parameters));
    }

    /// <summary>Withdraws the versions before <paramref name="oldest"/>: no order names them any more.</summary>
    public void Retire(long oldest)
    {
        cache.Retire(run.Id, epoch, oldest);
        foreach (var version in _versions.Keys.TakeWhile(v => v < oldest).ToArray())
        {
            _versions.Remove(version, out var parameters);
            parameters!.Retire();
            _pages.Remove(version);
        }
    }

    /// <summary>Withdraws all versions, at the end of the epoch.</summary>
    public void Clear() => Retire(long.MaxValue);

    /// <summary>A version to compute with, until the lease is disposed.</summary>
    /// <exception cref="InvalidOperationException">The version was never published, or is retired.</exception>
    public ParameterLease Lease(long version) => _versions.GetValueOrDefault(version)?.TryLease()
        ?? throw new InvalidOperationException($"Version {version} of run {run.Id} is not published, or is retired.");

    /// <summary>One block of a version, for another silo.</summary>
    public async Task<ParameterBlock> Pull(long version, int block)
    {
        if (!_versions.ContainsKey(version))
        {
            return new ParameterBlock(false, 0, default);
        }

        if (!_pages.TryGetValue(version, out var copying) || copying.IsFaulted || copying.IsCanceled)
        {
            _pages[version] = copying = Copy(version);
        }

        var pages = await copying;
        return pages.Find(block) is { } bytes
            ? new ParameterBlock(true, pages.Count, bytes)
            : new ParameterBlock(false, pages.Count, default);
    }

    private async Task<PagedBytes> Copy(long version)
    {
        using var lease = Lease(version);
        return await lanes.Run(run.Id, _ =>
        {
            var host = lease.Parameters.Flat.to(torch.CPU);
            var tuning = MemoryMarshal.AsBytes<double>([.. lease.Parameters.Tuning]);
            return new PagedBytes((byte[])[.. host.bytes, .. tuning]);
        });
    }

    private VersionKey Key(long version) => new(run.Id, epoch, version);
}
