using Ebm.Core;
using Ebm.Core.Datasets;
using Ebm.Core.Spec;
using Ebm.Core.Training;
using Ebm.Data.Files;

namespace Ebm.RunFolders.Models;

/// <summary>The model of a run at a checkpoint. Owns the model.</summary>
/// <param name="Round">The checkpoint's round.</param>
/// <param name="Data">The run's data.</param>
/// <param name="Model">The model: the moving average of the parameters if the run keeps one.</param>
public sealed record StoredModel(long Round, Dataset Data, TrainedModel Model) : IDisposable
{
    /// <summary>
    /// The energy of each row of a file in nats, [rows]. The file is read like the run's data: scaled, binarised by its
    /// threshold.
    /// </summary>
    /// <exception cref="InputException">The file is bad, or its rows are not of the model's kind.</exception>
    public float[] Score(string path)
    {
        using var rows = RowFile.Read(path, Data.Reading);
        return Data.Binarise != Binarise.Sample
            ? Model.Energies(rows)
            : throw new InputException(
                $"{path}: the run binarises its data by sampling. Draw the bits, and pass them to Model.Energies.");
    }

    /// <inheritdoc/>
    public void Dispose() => Model.Dispose();
}
