using Ebm.Core.Spec;
using Ebm.Grains.Admission;
using Ebm.Grains.Devices;
using Ebm.Grains.Runs;
using Microsoft.Extensions.Options;

namespace Ebm.Client.Runs;

/// <summary>Lanes without a silo, for verbs that only compute.</summary>
internal sealed class LocalLanes : IDisposable
{
    /// <summary>Starts them on the kind of device that a spec names.</summary>
    public LocalLanes(RunSpec spec, int count = 0)
    {
        Lanes = new DeviceLanes(Options.Create(new LaneOptions
        {
            Device = spec.Device == DeviceKind.Cuda ? "cuda" : "cpu",
            Lanes = count,
        }));
        Contexts = new RunContexts(Lanes, RunLimits.None);
    }

    /// <summary>The lanes.</summary>
    public DeviceLanes Lanes { get; }

    /// <summary>Contexts of runs on them.</summary>
    public RunContexts Contexts { get; }

    public void Dispose() => Lanes.Dispose();
}
