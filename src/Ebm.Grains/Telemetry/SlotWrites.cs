using Ebm.Core.Replay;

namespace Ebm.Grains.Telemetry;

/// <summary>When each of a shard's slots was last written, as far as this activation has seen it.</summary>
internal sealed class SlotWrites(int slots, SiloMetrics metrics)
{
    private readonly long[] _written = new long[slots];

    /// <summary>A round has written the slots of a draw.</summary>
    public void Note(SlotDraw draw, long round)
    {
        foreach (var slot in draw.Slots)
        {
            // After a rollback, earlier writes have later rounds.
            if (_written[slot] > 0 && _written[slot] < round)
            {
                metrics.Continued(round - _written[slot]);
            }

            _written[slot] = round;
        }
    }
}
