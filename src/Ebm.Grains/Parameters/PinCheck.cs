using Ebm.Contracts.Runs;
using Ebm.Core;

namespace Ebm.Grains.Parameters;

/// <summary>Whether a run may go on here: on the data and the numerics that it was pinned to.</summary>
internal static class PinCheck
{
    /// <exception cref="InputException">They differ.</exception>
    public static void Check(RunDescription run, RunPins here)
    {
        if (run.Pins is not { } pins)
        {
            return;
        }

        if (pins.DataDigest != here.DataDigest)
        {
            throw new InputException(
                "the data has changed since the run began: its digest was "
                + $"{pins.DataDigest[..12]} and is {here.DataDigest[..12]}. Restore the files, or start a new run.");
        }

        if (pins.Numerics != here.Numerics && !run.AllowNewHardware)
        {
            throw new InputException(
                $"the run was begun on '{pins.Numerics}' and this is '{here.Numerics}': its bits could differ. "
                + "Go on there, or say --allow-new-hardware.");
        }
    }
}
