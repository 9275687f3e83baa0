using Ebm.Core.Recovery;

namespace Ebm.Core.Checkpoints;

/// <summary>
/// Which checkpoints stay, told while they are looked through from the newest to the oldest: the newest few, never
/// fewer than <see cref="Fewest"/> whole ones, and the points of the newest attempt that a rollback may go to: those
/// back to the newest that is whole and known to be healthy. Version 0 needs no checkpoint. Those that are evaluated
/// stay while one is kept that waits for the outcome.
/// </summary>
/// <param name="keep">How many of the newest stay.</param>
/// <param name="points">Where a rollback may go to.</param>
public sealed class CheckpointRetention(int keep, RollbackPoints points)
{
    /// <summary>Fewest whole checkpoints that stay.</summary>
    public const int Fewest = 2;

    private readonly HashSet<(int Attempt, long Round)> _awaited = [];
    private int _kept, _whole;
    private Manifest? _newest;
    private bool _healthy;

    /// <summary>Whether it matters for what comes that a kept one is whole: to know that costs reading it.</summary>
    public bool AsksWhetherWhole => _whole < Fewest || !_healthy;

    /// <summary>Whether the next one goes.</summary>
    /// <param name="manifest">Its manifest; null where it cannot be read.</param>
    public bool Drops(Manifest? manifest) =>
        _kept >= keep && _whole >= Fewest && (_healthy || !IsPoint(manifest)) && !IsAwaited(manifest);

    /// <summary>The next one stays.</summary>
    /// <param name="manifest">Its manifest; null where it cannot be read.</param>
    /// <param name="isWhole">Whether it is whole, where that was asked for.</param>
    public void Keep(Manifest? manifest, bool isWhole)
    {
        _newest ??= manifest;
        if (manifest is not null)
        {
            _awaited.UnionWith(points.Outcomes.PendingAt(manifest.Round, manifest.AttemptBase)
                .Select(round => (manifest.Attempt, round)));
        }

        _kept++;
        _whole += isWhole ? 1 : 0;
        _healthy |= isWhole && IsPoint(manifest)
            && manifest!.Round <= points.Healthy(_newest!.Round, _newest.AttemptBase);
    }

    private bool IsAwaited(Manifest? manifest) =>
        manifest is not null && _awaited.Contains((manifest.Attempt, manifest.Round));

    private bool IsPoint(Manifest? manifest) =>
        manifest is { Scheduled: true } && manifest.Attempt == (_newest ?? manifest).Attempt
        && (points.IsPoint(manifest.Round) || manifest.Round == manifest.AttemptBase);
}
