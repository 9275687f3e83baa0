using Ebm.Contracts.Runs;
using Ebm.Core;
using Ebm.Core.Spec;

namespace Ebm.Grains.Runs;

/// <summary>Whether a run may go on here: on the data, the module and the numerics that it was pinned to.</summary>
internal static class PinCheck
{
    /// <exception cref="InputException">They differ.</exception>
    public static void Check(RunDescription run, RunPins here)
    {
        if (run.Pins is { } pins && pins.Numerics != here.Numerics && !run.AllowNewHardware)
        {
            throw new InputException(
                $"the run was begun on '{pins.Numerics}' and this is '{here.Numerics}': its bits could differ. "
                + "Go on there, or say --allow-new-hardware.");
        }
    }

    /// <summary>Whether this silo has read the files that the run is pinned to.</summary>
    /// <exception cref="InputException">It is not; the message names the machine, whose files may be others than
    /// elsewhere.</exception>
    public static void CheckFiles(RunPins? pins, RunContext here)
    {
        if (pins is not null && pins.DataDigest != here.Data.Digest)
        {
            throw Changed("the data", pins.DataDigest, here.Data.Digest);
        }

        if (pins is { ModuleDigest: { } module } && module != here.ModuleDigest)
        {
            var file = here.Spec.Energy is AssemblyEnergySpec assembly
                ? $"the assembly {assembly.Path}"
                : $"the module {((TorchScriptSpec)here.Spec.Energy).Path}";
            throw Changed(file, module, here.ModuleDigest!);
        }
    }

    private static InputException Changed(string what, string was, string now) => new(
        $"{what} on {Environment.MachineName} has changed since the run began: "
            + $"its digest was {was[..12]} and is {now[..12]}. Restore the file, or start a new run.");
}
