using Ebm.Contracts.Likelihood;
using Ebm.Core;
using Ebm.Core.Likelihood;
using Ebm.Core.Spec;
using Ebm.Grains.Devices;

namespace Ebm.Grains.Models.Likelihood;

/// <summary>
/// Does parts of an estimate on this process's lanes, in pieces short enough for training not to notice.
/// </summary>
internal sealed class AnnealWorker
{
    private static readonly TimeSpan Piece = TimeSpan.FromMilliseconds(5);

    private readonly DeviceLanes _lanes;
    private readonly AnnealedModel _model;
    private readonly TimeProvider _time;
    private readonly string _queue;

    /// <param name="lanes">The lanes.</param>
    /// <param name="model">The model, which outlives this.</param>
    /// <param name="time">The clock that pieces are cut by; no result depends on it.</param>
    public AnnealWorker(DeviceLanes lanes, AnnealedModel model, TimeProvider time)
    {
        (_lanes, _model, _time) = (lanes, model, time);
        _queue = model.Model.Run.Id + " (likelihood)";
        lanes.Prioritise(_queue, 0);
    }

    /// <summary>Computes a complete part; the reply has the problem if the model is invalid.</summary>
    /// <param name="call">The part.</param>
    /// <param name="progress">Told after every piece: steps made, steps in all.</param>
    /// <param name="cancellationToken">Gives it up between two pieces.</param>
    public async Task<AnnealReply> Do(AnnealCall call, Action<long, long> progress, CancellationToken cancellationToken)
    {
        try
        {
            return await Part(call, progress, cancellationToken);
        }
        catch (EbmException e)
        {
            return new AnnealReply { IsFinished = true, Problem = e.Message };
        }
    }

    /// <summary>The estimate that a call is about.</summary>
    public static AnnealingRequest RequestOf(AnnealCall call) => new(
        new AisSpec { Chains = call.Chains, Temperatures = call.Temperatures, Sweeps = call.Sweeps,
            Copies = call.Copies },
        call.Seed, call.Attempt, call.Round);

    private async Task<AnnealReply> Part(
        AnnealCall call, Action<long, long> progress, CancellationToken cancellationToken)
    {
        var (likelihood, parameters, run) = (_model.Likelihood, _model.Model.Parameters, _model.Model.Run);
        var request = RequestOf(call);
        var reply = new AnnealReply { IsFinished = true };
        switch (call.Part)
        {
            case AnnealPart.Pilot:
                var pilot = likelihood.Pilot(parameters, request);
                await Finish(pilot);
                var baseLogZ = await _lanes.Run(_queue, _ => likelihood.BaseLogZ(parameters), cancellationToken);
                return reply with
                {
                    Pilot = new AnnealPilot([.. pilot.Report.Growth], [.. pilot.Report.Tunings]),
                    BaseLogZ = baseLogZ,
                    Method = likelihood.Method,
                };
            case AnnealPart.Forward:
                var forward = likelihood.Forward(parameters, request, ReportOf(call), call.Block);
                await Finish(forward);
                return reply with { LogWeights = forward.LogWeights };
            default:
                var back = likelihood.Back(parameters, request, ReportOf(call), call.Block, _model.Slots, run.Codec);
                await Finish(back);
                return reply with { LogWeights = back.LogWeights, Traces = [.. back.Traces] };
        }

        async Task Finish(IResumableWork work)
        {
            while (work.Done < work.Total)
            {
                await _lanes.Run(_queue, lane => Advance(work, lane), cancellationToken);
                progress(work.Done, work.Total);
            }

            reply = reply with { Done = work.Done, Total = work.Total };
        }
    }

    private int Advance(IResumableWork work, Lane lane)
    {
        var begun = _time.GetTimestamp();
        work.Advance(() => _time.GetElapsedTime(begun) < Piece, lane.Noise, lane.Device);
        return 0;
    }

    private static PilotReport ReportOf(AnnealCall call) => call.Pilot is { } pilot
        ? new PilotReport(pilot.Growth, pilot.Tunings)
        : throw new ArgumentException("All parts but the pilot need what it found.", nameof(call));
}
