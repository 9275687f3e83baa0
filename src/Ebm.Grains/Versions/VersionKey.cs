namespace Ebm.Grains.Versions;

/// <summary>A version of a run's parameters, as the parameter server of an epoch published it.</summary>
internal readonly record struct VersionKey(string Run, long Epoch, long Version);
