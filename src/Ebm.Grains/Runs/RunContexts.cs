using System.Collections.Concurrent;
using System.Text.Json;
using Ebm.Contracts.Runs;
using Ebm.Core.Data;
using Ebm.Core.Spec;
using Ebm.Grains.Devices;

namespace Ebm.Grains.Runs;

/// <summary>A silo's contexts: one for each run, over datasets that runs with the same data share.</summary>
public sealed class RunContexts(DeviceLanes lanes)
{
    private readonly ConcurrentDictionary<string, Lazy<Task<RunContext>>> _contexts = new();
    private readonly ConcurrentDictionary<string, Lazy<Task<Dataset>>> _datasets = new();

    /// <summary>The context of a run.</summary>
    /// <exception cref="Core.InputException">Its data cannot be read or does not fit; nothing is remembered of that.</exception>
    public Task<RunContext> Get(RunDescription run) => Once(_contexts, $"{run.Id}/{run.SpecDigest}", () =>
    {
        var spec = SpecJson.Read(run.SpecJson);
        lanes.Prioritise(run.Id, spec.Priority);
        return Load(run.Id, spec);
    });

    /// <summary>A context for a spec that is no run (yet).</summary>
    /// <exception cref="Core.InputException">Its data cannot be read or does not fit.</exception>
    public async Task<RunContext> Load(string id, RunSpec spec)
    {
        var key = $"{spec.Seed}/{JsonSerializer.Serialize(spec.Data, SpecJson.Options)}";
        var data = await Once(_datasets, key, () => lanes.Run(id, _ => DatasetLoader.Load(spec.Data, spec.Seed)));
        return await lanes.Run(id, _ => new RunContext(id, spec, data));
    }

    private static async Task<T> Once<T>(ConcurrentDictionary<string, Lazy<Task<T>>> known, string key, Func<Task<T>> make)
    {
        var pending = known.GetOrAdd(key, _ => new(make));
        try
        {
            return await pending.Value;
        }
        catch
        {
            known.TryRemove(KeyValuePair.Create(key, pending));
            throw;
        }
    }
}
