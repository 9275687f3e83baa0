using System.Collections.Concurrent;
using System.Text.Json;
using Ebm.Configuration.Reading;
using Ebm.Contracts.Runs;
using Ebm.Core.Datasets;
using Ebm.Core.Spec;
using Ebm.Data.Loading;
using Ebm.Grains.Admission;
using Ebm.Grains.Devices;

namespace Ebm.Grains.Runs;

/// <summary>A silo's contexts: one for each run, over datasets that runs with the same data share.</summary>
internal sealed class RunContexts(DeviceLanes lanes, RunLimits limits)
{
    private readonly ConcurrentDictionary<string, Lazy<Task<RunContext>>> _contexts = new();
    private readonly ConcurrentDictionary<string, Lazy<Task<Dataset>>> _datasets = new();

    /// <summary>The context of a run.</summary>
    /// <exception cref="Core.InputException">
    /// Its files cannot be read or may not be, do not fit, or are not those that the run was begun with; nothing is
    /// remembered of that.
    /// </exception>
    public async Task<RunContext> Get(RunDescription run)
    {
        var key = $"{run.Id}/{run.SpecDigest}";
        if (_contexts.TryGetValue(key, out var known)
            && known is { IsValueCreated: true, Value.IsCompletedSuccessfully: true }
            && (await known.Value).ModuleDigest != run.Pins?.ModuleDigest)
        {
            // Of an earlier run with this id and spec, or of a file that was put right since.
            _contexts.TryRemove(KeyValuePair.Create(key, known));
        }

        var context = await Once(_contexts, key, () =>
        {
            var spec = SpecJson.Read(run.SpecJson);
            lanes.Prioritise(run.Id, spec.Priority);
            return Load(run.Id, spec);
        });
        PinCheck.CheckFiles(run.Pins, context);
        return context;
    }

    /// <summary>A context for a spec without a run.</summary>
    /// <exception cref="Core.InputException">Its data cannot be read or may not be, or does not fit; or it needs more
    /// memory than it may take.</exception>
    public async Task<RunContext> Load(string id, RunSpec spec)
    {
        limits.Check(spec);
        var key = $"{spec.Seed}/{JsonSerializer.Serialize(spec.Data, SpecJson.Options)}";
        var data = await Once(
            _datasets, key, () => lanes.Run(id, _ => DatasetLoader.Load(spec.Data, spec.Seed, limits.DataBytes)));
        return await lanes.Run(id, _ =>
        {
            var context = new RunContext(id, spec, data);
            limits.Check(spec, context.Plan, context.Energy, context.Codec);
            return context;
        });
    }

    private static async Task<T> Once<T>(
        ConcurrentDictionary<string, Lazy<Task<T>>> known, string key, Func<Task<T>> make)
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
