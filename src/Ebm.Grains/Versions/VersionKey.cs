namespace Ebm.Grains.Versions;

/// <summary>A version of a run's parameters, as published by the parameter server of an epoch.</summary>
public readonly record struct VersionKey(string Run, long Epoch, long Version);
