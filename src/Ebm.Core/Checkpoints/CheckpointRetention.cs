namespace Ebm.Core.Checkpoints;

/// <summary>
/// Which checkpoints stay, told while they are looked through from the newest to the oldest: the newest few, never fewer
/// than <see cref="Fewest"/> whole ones, and the newest whole scheduled one, which is where a rollback goes.
/// </summary>
/// <param name="keep">How many of the newest stay.</param>
public sealed class CheckpointRetention(int keep)
{
    /// <summary>Fewest whole checkpoints that stay.</summary>
    public const int Fewest = 2;

    private int _kept, _whole;
    private bool _scheduled;

    /// <summary>Whether it matters for what comes that a kept one is whole: to know that costs reading it.</summary>
    public bool AsksWhetherWhole => _whole < Fewest || !_scheduled;

    /// <summary>Whether the next one goes.</summary>
    /// <param name="manifest">Its manifest; null where it cannot be read.</param>
    public bool Drops(Manifest? manifest) =>
        _kept >= keep && _whole >= Fewest && (_scheduled || manifest is not { Scheduled: true });

    /// <summary>The next one stays.</summary>
    /// <param name="manifest">Its manifest; null where it cannot be read.</param>
    /// <param name="isWhole">Whether it is whole, where that was asked for.</param>
    public void Keep(Manifest? manifest, bool isWhole)
    {
        _kept++;
        _whole += isWhole ? 1 : 0;
        _scheduled |= isWhole && manifest is { Scheduled: true };
    }
}
