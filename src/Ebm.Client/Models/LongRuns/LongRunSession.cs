using Ebm.Contracts.Models;
using Ebm.Core;

namespace Ebm.Client.Models.LongRuns;

/// <summary>Settings of a long run.</summary>
/// <param name="Round">The checkpoint's round; the newest if null.</param>
/// <param name="Seed">Seed of the chains; the run's if null.</param>
/// <param name="Chains">Number of chains from data, and of chains from noise.</param>
/// <param name="Steps">Transitions of each chain.</param>
/// <param name="StateFile">File that stores the state, to continue from; null for none.</param>
internal sealed record LongRunRequest(long? Round, ulong? Seed, int Chains, long Steps, string? StateFile);

/// <summary>
/// Drives a long run in segments. A segment lasts about as long as a user waits for a reaction to Ctrl-C; its length
/// does not affect results.
/// </summary>
internal sealed class LongRunSession(ITrainedModel model, LongRunRequest request, ILongRunView view)
{
    private static readonly TimeSpan SegmentTime = TimeSpan.FromSeconds(1.5);

    private volatile bool _stop;
    private long _segmentTurns = 1;

    /// <summary>Ends the run after the current segment.</summary>
    public void Stop() => _stop = true;

    /// <summary>Runs to the end or until <see cref="Stop"/>; returns the state that was reached.</summary>
    /// <exception cref="InputException">The state file belongs to another long run.</exception>
    public async Task<LongRunState> Run()
    {
        var state = await Start();
        view.ShowStart(state, request.Steps);
        foreach (var row in state.Rows)
        {
            view.ShowRow(row);
        }

        foreach (var due in LongRunSchedule.Turns(request.Steps, state.StepsPerTurn).Where(turn => turn > state.Turns))
        {
            while (state.Turns < due && !_stop && !HasDiverged(state))
            {
                state = await Continue(state, due);
            }
        }

        Store(state);
        return state;
    }

    /// <summary>Whether the state of a chain is not finite; further steps are then meaningless.</summary>
    public static bool HasDiverged(LongRunState state) => state.Rows[^1].NonFinite > 0;

    private async Task<LongRunState> Start()
    {
        var stored = request.StateFile is { } path ? LongRunState.Read(path) : null;
        var turns = stored?.Turns ?? 0;
        var call = new LongRunCall(
            request.Round ?? stored?.Round, request.Seed ?? stored?.Seed, request.Chains, turns, turns, stored is null);
        if (stored is not null && stored.Chains != request.Chains)
        {
            throw Mismatch($"with {stored.Chains} chains from data and from noise each, not {request.Chains}");
        }

        var (reply, states) = await model.Continue(call, stored?.States ?? []);
        var fresh = new LongRunState(
            reply.Model, reply.Round, reply.Seed, request.Chains, reply.StepsPerTurn, 0, reply.DataEnergy ?? 0,
            reply.Row is { } row ? [row] : [])
        {
            States = states,
        };
        return stored is null ? fresh
            : (stored.Model, stored.Seed, stored.StepsPerTurn) == (fresh.Model, fresh.Seed, fresh.StepsPerTurn) ? stored
            : throw Mismatch("of another model or seed");

        InputException Mismatch(string difference) => new(
            $"--state {request.StateFile}: the file contains a long run {difference}. "
            + "Use the options of that run, or another file.");
    }

    private async Task<LongRunState> Continue(LongRunState state, long due)
    {
        var to = Math.Min(due, state.Turns + _segmentTurns);
        var started = TimeProvider.System.GetTimestamp();
        var call = new LongRunCall(state.Round, state.Seed, state.Chains, state.Turns, to, to == due);
        var (reply, states) = await model.Continue(call, state.States);
        var elapsed = TimeProvider.System.GetElapsedTime(started);

        // Approaches SegmentTime; at most doubles, because the first segments also load and compile.
        _segmentTurns = Math.Clamp((long)((to - state.Turns) * (SegmentTime / elapsed)), 1, 2 * _segmentTurns);
        state = state with
        {
            Turns = to, States = states, Rows = reply.Row is { } last ? [.. state.Rows, last] : state.Rows,
        };
        if (reply.Row is { } row)
        {
            view.ShowRow(row);
            Store(state);
        }

        return state;
    }

    private void Store(LongRunState state)
    {
        if (request.StateFile is { } path)
        {
            state.Write(path);
        }
    }
}
