using Ebm.Contracts.Access;
using Ebm.Contracts.Runs;
using Orleans.Concurrency;

namespace Ebm.Contracts.Cluster;

/// <summary>
/// What is there: the runs and the silos. Its key is 0; every control silo answers for the whole cluster.
/// </summary>
[Alias("ebm.IClusterGrain")]
internal interface IClusterGrain : IGrainWithIntegerKey
{
    /// <summary>All runs, the earliest submitted first.</summary>
    [Alias("Runs"), AlwaysInterleave, OpenTo(Role.Read)]
    Task<IReadOnlyList<RunStatus>> Runs();

    /// <summary>All silos that are up, by name.</summary>
    [Alias("Silos"), AlwaysInterleave, OpenTo(Role.Read)]
    Task<IReadOnlyList<SiloInfo>> Silos();
}

/// <summary>A silo as the cluster knows it.</summary>
[GenerateSerializer, Immutable, Alias("ebm.SiloInfo")]
internal sealed record SiloInfo
{
    /// <summary>Its name.</summary>
    [Id(0)]
    public required string Name { get; init; }

    /// <summary>Address and generation, as Orleans writes them.</summary>
    [Id(1)]
    public required string Address { get; init; }

    /// <summary>Its roles, such as <c>control,chains</c>.</summary>
    [Id(2)]
    public required string Roles { get; init; }

    /// <summary>Kind of device of its lanes (<c>cpu</c>, <c>cuda</c>); null without lanes.</summary>
    [Id(3)]
    public string? Device { get; init; }

    /// <summary>Device lanes.</summary>
    [Id(4)]
    public int Lanes { get; init; }

    /// <summary>Its numerics fingerprint; null without lanes.</summary>
    [Id(5)]
    public string? Numerics { get; init; }

    /// <summary>Version of the program.</summary>
    [Id(6)]
    public required string Version { get; init; }

    /// <summary>Its process on its machine.</summary>
    [Id(7)]
    public int Process { get; init; }

    /// <summary>Shards that are active on it.</summary>
    [Id(8)]
    public int Shards { get; init; }

    /// <summary>Parameter servers that are active on it, one a run.</summary>
    [Id(9)]
    public int Servers { get; init; }

    /// <summary>Run grains that are active on it.</summary>
    [Id(10)]
    public int Runs { get; init; }

    /// <summary>Since when it is up.</summary>
    [Id(11)]
    public DateTimeOffset Since { get; init; }
}
