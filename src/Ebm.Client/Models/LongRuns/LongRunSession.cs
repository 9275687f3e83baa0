using Ebm.Contracts.Models;
using Ebm.Core;

namespace Ebm.Client.Models.LongRuns;

/// <summary>Which long run is wanted.</summary>
/// <param name="Round">The checkpoint's round; the newest if null.</param>
/// <param name="Seed">Seed of the chains; the run's if null.</param>
/// <param name="Chains">Chains of each of the two kinds.</param>
/// <param name="Steps">Transitions of each chain.</param>
/// <param name="StateFile">Where it is kept, to go on from; null if nowhere.</param>
internal sealed record LongRunRequest(long? Round, ulong? Seed, int Chains, long Steps, string? StateFile);

/// <summary>
/// Drives a long run piece by piece. The pieces are as long as a user waits for an answer to Ctrl-C; their lengths show
/// in no result.
/// </summary>
internal sealed class LongRunSession(ITrainedModel model, LongRunRequest request, ILongRunView view)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1.5);

    private volatile bool _stop;
    private long _piece = 1;

    /// <summary>Ends it after the piece at hand.</summary>
    public void Stop() => _stop = true;

    /// <summary>Goes on to the end or to <see cref="Stop"/>; returns how far it came.</summary>
    /// <exception cref="InputException">The file is of another long run.</exception>
    public async Task<LongRunState> Run()
    {
        var state = await Begin();
        view.Begin(state, request.Steps);
        foreach (var row in state.Rows)
        {
            view.Row(row);
        }

        foreach (var due in LongRunSchedule.Turns(request.Steps, state.StepsPerTurn).Where(turn => turn > state.Turns))
        {
            while (state.Turns < due && !_stop && !HasRunAway(state))
            {
                state = await Piece(state, due);
            }
        }

        Keep(state);
        return state;
    }

    /// <summary>Whether a chain has left the finite numbers: what follows means nothing.</summary>
    public static bool HasRunAway(LongRunState state) => state.Rows[^1].NonFinite > 0;

    private async Task<LongRunState> Begin()
    {
        var stored = request.StateFile is { } path ? LongRunState.Read(path) : null;
        var turns = stored?.Turns ?? 0;
        var call = new LongRunCall(
            request.Round ?? stored?.Round, request.Seed ?? stored?.Seed, request.Chains, turns, turns, stored is null);
        if (stored is not null && stored.Chains != request.Chains)
        {
            throw Other($"{stored.Chains} chains of each kind; expected {request.Chains}");
        }

        var (reply, states) = await model.Continue(call, stored?.States ?? []);
        var begun = new LongRunState(
            reply.Model, reply.Round, reply.Seed, request.Chains, reply.StepsPerTurn, 0, reply.DataEnergy ?? 0,
            reply.Row is { } row ? [row] : [])
        {
            States = states,
        };
        return stored is null ? begun
            : stored.Model == begun.Model && stored.Seed == begun.Seed && stored.StepsPerTurn == begun.StepsPerTurn
                ? stored
            : throw Other("another model or seed");

        InputException Other(string what) =>
            new($"{request.StateFile} holds a long run of {what}. Give the options it was begun "
                + "with, or name another file.");
    }

    private async Task<LongRunState> Piece(LongRunState state, long due)
    {
        var to = Math.Min(due, state.Turns + _piece);
        var begun = TimeProvider.System.GetTimestamp();
        var call = new LongRunCall(state.Round, state.Seed, state.Chains, state.Turns, to, to == due);
        var (reply, states) = await model.Continue(call, state.States);
        var took = TimeProvider.System.GetElapsedTime(begun);

        // Towards pieces of the length wanted, at most doubling: the first ones also load and compile.
        _piece = Math.Clamp((long)((to - state.Turns) * (Patience / took)), 1, 2 * _piece);
        state = state with { Turns = to, States = states,
            Rows = reply.Row is { } seen ? [.. state.Rows, seen] : state.Rows };
        if (reply.Row is { } row)
        {
            view.Row(row);
            Keep(state);
        }

        return state;
    }

    private void Keep(LongRunState state)
    {
        if (request.StateFile is { } path)
        {
            state.Write(path);
        }
    }
}
