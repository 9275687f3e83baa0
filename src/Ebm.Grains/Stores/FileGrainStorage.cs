using System.Globalization;
using System.Text.Json;
using Ebm.Core;
using Ebm.RunFolders;
using Orleans.Storage;

namespace Ebm.Grains.Stores;

/// <summary>Grain state as a JSON file in the run's folder, for the embedded mode.</summary>
internal sealed class FileGrainStorage(RunHome home) : IGrainStorage
{
    /// <inheritdoc/>
    public async Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var path = PathOf(stateName, grainId);
        if (!File.Exists(path))
        {
            grainState.RecordExists = false;
            return;
        }

        try
        {
            var text = await File.ReadAllBytesAsync(path);
            grainState.State = JsonSerializer.Deserialize<T>(text, MetricsJson.Page)
                ?? throw new JsonException("it holds the value null");
        }
        catch (JsonException e)
        {
            throw new EbmException($"{path} is not the record of a run: {e.Message}. "
                + "Restore it, or delete the folder.", e);
        }

        grainState.RecordExists = true;
        grainState.ETag = "0";
    }

    /// <inheritdoc/>
    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        home.Lock(grainId.Key.ToString()!);
        AtomicFile.Write(
            PathOf(stateName, grainId),
            JsonSerializer.SerializeToUtf8Bytes(grainState.State, MetricsJson.Page),
            durable: true);
        grainState.RecordExists = true;
        grainState.ETag = (long.Parse(grainState.ETag ?? "0", CultureInfo.InvariantCulture) + 1)
            .ToString(CultureInfo.InvariantCulture);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        File.Delete(PathOf(stateName, grainId));
        grainState.RecordExists = false;
        return Task.CompletedTask;
    }

    private string PathOf(string stateName, GrainId grainId) =>
        home.Of(grainId.Key.ToString()!, RunLayout.State(stateName));
}
