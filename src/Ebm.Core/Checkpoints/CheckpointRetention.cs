using Ebm.Core.Recovery;

namespace Ebm.Core.Checkpoints;

/// <summary>
/// Retention of checkpoints, decided from the newest to the oldest. It keeps the newest few, and at least
/// <see cref="Fewest"/> intact ones. It keeps the rollback points of the newest attempt, back to the newest that is
/// intact and known to be healthy; version 0 needs no checkpoint. It keeps a checkpoint under evaluation as long as a
/// kept one awaits the outcome.
/// </summary>
/// <param name="keep">Number of the newest checkpoints to keep.</param>
/// <param name="points">Rollback points of the run.</param>
internal sealed class CheckpointRetention(int keep, RollbackPoints points)
{
    /// <summary>Least number of intact checkpoints to keep.</summary>
    public const int Fewest = 2;

    private readonly HashSet<(int Attempt, long Round)> _awaited = [];
    private int _kept, _intact;
    private Manifest? _newest;
    private bool _healthy;

    /// <summary>
    /// Whether further decisions depend on the integrity of a kept checkpoint; verifying it costs a read.
    /// </summary>
    public bool AsksWhetherWhole => _intact < Fewest || !_healthy;

    /// <summary>Whether to delete the next checkpoint.</summary>
    /// <param name="manifest">Its manifest; null where it cannot be read.</param>
    public bool Drops(Manifest? manifest) =>
        _kept >= keep && _intact >= Fewest && (_healthy || !IsPoint(manifest)) && !IsAwaited(manifest);

    /// <summary>Records that the next checkpoint is kept.</summary>
    /// <param name="manifest">Its manifest; null if unreadable.</param>
    /// <param name="isIntact">Whether it is intact; false if not verified.</param>
    public void Keep(Manifest? manifest, bool isIntact)
    {
        _newest ??= manifest;
        if (manifest is not null)
        {
            var pending = points.Outcomes.PendingAt(manifest.Round, manifest.AttemptBase);
            _awaited.UnionWith(pending.Select(round => (manifest.Attempt, round)));
        }

        _kept++;
        _intact += isIntact ? 1 : 0;
        _healthy |= isIntact
            && IsPoint(manifest)
            && manifest!.Round <= points.Healthy(_newest!.Round, _newest.AttemptBase);
    }

    private bool IsAwaited(Manifest? manifest) =>
        manifest is not null && _awaited.Contains((manifest.Attempt, manifest.Round));

    private bool IsPoint(Manifest? manifest) =>
        manifest is { Scheduled: true } && manifest.Attempt == (_newest ?? manifest).Attempt
        && (points.IsPoint(manifest.Round) || manifest.Round == manifest.AttemptBase);
}
