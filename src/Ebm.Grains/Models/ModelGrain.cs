using System.Runtime.InteropServices;
using Ebm.Contracts;
using Ebm.Contracts.Models;
using Ebm.Contracts.Runs;
using Ebm.Core;
using Ebm.Grains.Devices;
using Ebm.Grains.Models.Evaluation;
using Ebm.Grains.Models.Likelihood;
using Ebm.Grains.Placement;
using Ebm.Grains.Runs;
using Ebm.Grains.Stores;

namespace Ebm.Grains.Models;

/// <summary>
/// Samples and scores for one client, on this silo's lanes; gone when the client has been silent for a while.
/// </summary>
[OnLanes]
internal sealed class ModelGrain(RunContexts contexts, ICheckpointStore checkpoints, DeviceLanes lanes)
    : Grain, IModelGrain
{
    private const int MostChains = CheckpointSampler.MostChains;

    private readonly MemoryStream _file = new();
    private byte[] _result = [];

    private string RunId => this.GetPrimaryKeyString().Split('/')[0];

    /// <inheritdoc/>
    public Task Put(ByteBlock part)
    {
        if (_file.Length + part.Bytes.Length > IModelGrain.LongestFile)
        {
            throw new MessageTooLargeException(
                $"the file is longer than {IModelGrain.LongestFile >> 20} MiB; send it in parts.");
        }

        _file.Write(part.Bytes.Span);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task<ModelReply> Sample(SampleCall call)
    {
        if (call.Count is < 1 or > MostChains || call.Steps is < 1
            || (call.ClampFile is not null && call.StartFile is not null))
        {
            throw new MalformedMessageException(
                $"expected 1 to {MostChains} chains, at least one step and one file, found {call.Count}, {call.Steps}, "
                + $"'{call.ClampFile}' and '{call.StartFile}'.");
        }

        using var model = await Open(call.Round);
        var sampler = new CheckpointSampler(lanes);
        var request = (call.ClampFile ?? call.StartFile) is not { } name
            ? await sampler.Request(model, call)
            : await WithFile(
            name, file =>
                sampler.Request(model, call.ClampFile is null
                    ? call with { StartFile = file }
                    : call with { ClampFile = file }));
        var states = await sampler.Draw(model, request);
        return Reply(
            model, request.Steps, states, request.Count, request.Origin, await sampler.Plot(model, states, request));
    }

    /// <inheritdoc/>
    public async Task<ModelReply> Score(ScoreCall call)
    {
        using var model = await Open(call.Round);
        var scored = await WithFile(
            call.File, file => new CheckpointScorer(lanes).Score(model, call with { File = file }));
        float[] values = [.. scored.Energies, .. scored.Classes.Select(y => (float)y)];
        return Reply(model, 0, values, scored.Energies.Length, scored.Origin, []);
    }

    /// <inheritdoc/>
    public async Task<ExportReply> Export(ExportCall call)
    {
        using var model = await Open(call.Round);
        var files = await new CheckpointExporter(lanes).Export(model);
        _result = [.. files.SelectMany(f => f.Content)];
        return new ExportReply(model.Round, [.. files.Select(f => new ExportPart(f.Name, f.Content.Length))]);
    }

    /// <inheritdoc/>
    public async Task<EvaluationReply> Evaluate(EvaluateCall call)
    {
        if (call.Samples is < 2 or > MostChains || call.Steps is < 1)
        {
            throw new MalformedMessageException(
                $"expected 2 to {MostChains} samples and at least one step, found {call.Samples} and {call.Steps}.");
        }

        using var model = await Open(call.Round);
        var evaluator = new ModelEvaluator(lanes);
        var (sections, picture) = call.Against is not { } name
            ? await evaluator.Evaluate(model, call)
            : await WithFile(name, file => evaluator.Evaluate(model, call with { Against = file }));
        _result = picture;
        return new EvaluationReply(model.Round, sections, picture.Length, LikelihoodSuggestions.Of(model, call.Seed));
    }

    /// <inheritdoc/>
    public async Task<LongRunReply> Continue(LongRunCall call)
    {
        if (call.Chains is < 2 or > MostChains || call.From < 0 || call.To < call.From
            || _file.Length % sizeof(float) != 0)
        {
            throw new MalformedMessageException(
                $"expected 2 to {MostChains} chains and turns in order, found {call.Chains} chains from turn "
                    + $"{call.From} to {call.To}.");
        }

        var states = MemoryMarshal.Cast<byte, float>(_file.ToArray()).ToArray();
        _file.SetLength(0);
        using var model = await Open(call.Round);
        var (reply, after) = await new LongRun(lanes).Continue(model, call, states);
        _result = MemoryMarshal.AsBytes<float>(after).ToArray();
        return reply;
    }

    /// <inheritdoc/>
    public Task<ByteBlock> Take(int piece) => new PagedBytes(_result).Find(piece) is { } page
        ? Task.FromResult(page)
        : throw new MalformedMessageException($"the result has {_result.Length} bytes and no piece {piece}.");

    private async Task<CheckpointModel> Open(long? round)
    {
        var description = await GrainFactory.GetGrain<IRunGrain>(RunId).Describe()
            ?? throw new UnknownRunException(RunId);
        var checkpoint = round is { } r
            ? await checkpoints.Read(RunId, r)
            : await checkpoints.Latest(RunId, _ => { })
                ?? throw new InputException($"run '{RunId}' has no checkpoint yet.");
        var run = await contexts.Get(description);
        return await lanes.Run(RunId, lane => CheckpointModel.Of(run, checkpoint, lane.Device));
    }

    /// <summary>The uploaded file, on disk while it is read; its name has the format.</summary>
    private async Task<T> WithFile<T>(string name, Func<string, Task<T>> read)
    {
        var folder = Directory.CreateTempSubdirectory("ebm-model-");
        try
        {
            var path = Path.Combine(folder.FullName, Path.GetFileName(name));
            await File.WriteAllBytesAsync(path, _file.ToArray());
            _file.SetLength(0);
            return await read(path);
        }
        catch (InputException e)
        {
            // The user knows the file by another name.
            throw new InputException(e.Message.Replace(folder.FullName + "/", "", StringComparison.Ordinal), e);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private ModelReply Reply(
        CheckpointModel model, int steps, float[] values, int rows, ClassOrigin origin, byte[] picture)
    {
        _result = [.. MemoryMarshal.AsBytes<float>(values), .. picture];
        return new ModelReply(
            model.Round, steps, values.Length * (long)sizeof(float), picture.Length, rows, origin,
            model.Run.Data.Alphabet is not null);
    }
}
