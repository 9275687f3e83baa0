using Ebm.Core.Export;
using Ebm.Grains.Devices;

namespace Ebm.Grains.Models;

/// <summary>A model as files for other programs.</summary>
internal sealed class CheckpointExporter(DeviceLanes lanes)
{
    /// <summary>The files, see <see cref="ModelExport"/>.</summary>
    public Task<IReadOnlyList<ExportedFile>> Export(CheckpointModel model) =>
        lanes.Run(model.Run.Id, _ => ModelExport.Of(
        model.Run.Spec.Energy, model.Run.Energy, model.Parameters, model.Run.Data.Reading,
        new ExportOrigin(model.Checkpoint, model.IsAverage)));
}
