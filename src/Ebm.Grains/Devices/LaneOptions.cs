namespace Ebm.Grains.Devices;

/// <summary>The device lanes of a silo.</summary>
internal sealed class LaneOptions
{
    /// <summary>The device: <c>cpu</c>, <c>cuda</c>, <c>cuda:1</c> or <c>auto</c> (CUDA where there is one).</summary>
    public string Device { get; set; } = "auto";

    /// <summary>Number of lanes; 0 is one for each core, or one for each GPU.</summary>
    public int Lanes { get; set; }

    /// <summary>Pieces of work of one run that may wait; more make the sender wait.</summary>
    public int QueueLength { get; set; } = 4096;
}
