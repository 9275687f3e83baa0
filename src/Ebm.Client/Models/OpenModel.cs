using Ebm.Client.Runs;
using Ebm.Configuration.Reading;
using Ebm.Grains.Devices;
using Ebm.Grains.Models;

namespace Ebm.Client.Models;

/// <summary>The model of one checkpoint, on the lanes of this process.</summary>
internal sealed class OpenModel : IDisposable
{
    private readonly LocalLanes _local;

    private OpenModel(LocalLanes local, CheckpointModel model) => (_local, Model) = (local, model);

    /// <summary>The model.</summary>
    public CheckpointModel Model { get; }

    /// <summary>The lanes.</summary>
    public DeviceLanes Lanes => _local.Lanes;

    /// <summary>Opens the checkpoint of a round, or the newest one.</summary>
    /// <exception cref="NotFoundException">The run or checkpoint does not exist.</exception>
    public static async Task<OpenModel> Open(RunFiles files, string id, long? round)
    {
        var record = files.Get(id);
        var checkpoint = files.Read(id, round);
        var spec = SpecJson.Read(record.SpecJson);
        var local = new LocalLanes(spec);
        try
        {
            var run = await local.Contexts.Load(id, spec);
            return new OpenModel(
                local, await local.Lanes.Run(id, lane => CheckpointModel.Of(run, checkpoint, lane.Device)));
        }
        catch
        {
            local.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        Model.Dispose();
        _local.Dispose();
    }
}
