using Ebm.Contracts.Models;
using Ebm.Core;
using Ebm.Core.Evaluation;
using Ebm.Core.States;
using Ebm.Grains.Devices;

namespace Ebm.Grains.Models.Evaluation;

/// <summary>The evaluated model, and the samples that several sections share.</summary>
internal sealed class EvaluationSubject
{
    private readonly EvaluateCall _call;
    private readonly DeviceLanes _lanes;
    private readonly Lazy<Task<FreshSamples>> _samples;

    public EvaluationSubject(CheckpointModel model, DeviceLanes lanes, EvaluateCall call)
    {
        (Model, _lanes, _call) = (model, lanes, call);
        Scorer = new CheckpointScorer(lanes);
        _samples = new(Draw);
    }

    /// <summary>The model.</summary>
    public CheckpointModel Model { get; }

    /// <summary>Energies of rows.</summary>
    public CheckpointScorer Scorer { get; }

    /// <summary>A file of rows of another kind, if there is one.</summary>
    public string? Against => _call.Against;

    /// <summary>Seed of all that is drawn for the evaluation.</summary>
    public ulong Seed => _call.Seed ?? Model.Run.Spec.Seed;

    /// <summary>The part of the data that the model is held against.</summary>
    public DataPart Part => ReferenceRows.PartOf(Model.Run.Data);

    /// <summary>Its name.</summary>
    public string PartName => $"{Part.ToString().ToLowerInvariant()} rows";

    /// <summary>Samples of fresh chains, drawn when they are first asked for.</summary>
    public Task<FreshSamples> Samples => _samples.Value;

    /// <summary>Does a piece of work on a lane.</summary>
    public Task<T> OnLane<T>(Func<Lane, T> work) => _lanes.Run(Model.Run.Id, work);

    private async Task<FreshSamples> Draw()
    {
        var run = Model.Run;
        try
        {
            var steps = _call.Steps ?? CheckpointSampler.DefaultSteps(run.Spec.Sampler);
            var states = await new CheckpointSampler(_lanes)
                .Draw(Model, new SampleRequest(
                    _call.Samples, steps, Seed, CheckpointSampler.ClassesAsInData(run, _call.Samples)));
            return new FreshSamples(states, string.Create(
                System.Globalization.CultureInfo.InvariantCulture, $"{_call.Samples} samples of {steps} steps"));
        }
        catch (EbmException e)
        {
            // A run whose kernel draws nothing, or whose chains run away: the other sections still have something to
            // say.
            return new FreshSamples(null, $"no samples: {e.Message}");
        }
    }
}

/// <summary>Samples of fresh chains.</summary>
/// <param name="States">Row after row; null where none could be drawn.</param>
/// <param name="Note">How they were drawn, or why not.</param>
internal sealed record FreshSamples(float[]? States, string Note);
