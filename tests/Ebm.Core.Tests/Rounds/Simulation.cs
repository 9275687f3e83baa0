using Ebm.Core.Randomness;

namespace Ebm.Core.Tests.Rounds;

/// <summary>An invariant did not hold.</summary>
internal sealed class ViolationException(string message) : Exception(message);

/// <summary>
/// A run on a bad day: messages are lost, doubled, delayed and reordered; shards and servers die and lose their memory,
/// and those that were replaced go on talking and writing for a while. The stores alone are reliable. One seed is one
/// schedule.
/// </summary>
internal sealed class Simulation
{
    private const int CalmSteps = 20_000;

    private readonly Model _model;
    private readonly Fault _fault;
    private readonly Dice _dice;
    private readonly List<(Action Arrive, Action? Lost)> _bag = [];
    private readonly SimulatedShard[] _shards;
    private readonly List<SimulatedShard> _replacedShards = [];
    private readonly List<SimulatedServer> _replacedServers = [];
    private SimulatedServer _server;

    public Simulation(Model model, ulong seed, Fault fault = Fault.None)
    {
        (_model, _fault) = (model, fault);
        _dice = new Dice(RandomKey.Derive(seed, Purpose.Evaluation, 0, 0));
        Store = new SimulatedStore(model, fault);
        _shards = [.. Enumerable.Range(0, model.Plan.Shards).Select(s => new SimulatedShard(this, s))];
        _server = new SimulatedServer(this, fault);
    }

    public Model Model => _model;

    public SimulatedStore Store { get; }

    public int Takeovers { get; private set; }

    public int Rollbacks { get; set; }

    /// <summary>Rollbacks whose checkpoint was lost.</summary>
    public int Detours { get; set; }

    /// <summary>Runs to the end; the last part without failures, in which it has to finish.</summary>
    public void Run(int stormySteps)
    {
        for (var step = 0; ; step++)
        {
            var stormy = step < stormySteps;
            if (!stormy && Finished)
            {
                break;
            }

            Require(step < stormySteps + CalmSteps, "the run does not finish though nothing fails any more");
            Step(stormy);
        }

        var end = Store.Latest();
        Require(end.Attempt == _model.FinalAttempt && end.Round == _model.FinalRound, "the run ended elsewhere");
        Require(end.Slots.SequenceEqual(_model.FinalSlots), "I5: the slots at the end differ from an undisturbed run");
    }

    public static void Require(bool holds, string what)
    {
        if (!holds)
        {
            throw new ViolationException(what);
        }
    }

    /// <summary>
    /// Puts a message into the bag. It arrives any time later, never, or twice; where a loss is something that somebody
    /// sees (work that fails), <paramref name="lost"/> is called for it.
    /// </summary>
    public void Send(Action message, Action? lost = null) => _bag.Add((message, lost));

    /// <summary>
    /// The activation that a message to a shard reaches: the current one, or by an old directory one replaced.
    /// </summary>
    public SimulatedShard Shard(int shard) =>
        _replacedShards.Count > 0 && _dice.OneIn(8) && _replacedShards[_dice.Below(_replacedShards.Count)] is { } old
            && old.Number == shard
            ? old
            : _shards[shard];

    /// <summary>
    /// A shard's activation ends (its state was stale, or it died); the next one loads from the store.
    /// </summary>
    public void Replace(SimulatedShard shard)
    {
        if (_shards[shard.Number] == shard)
        {
            _shards[shard.Number] = new SimulatedShard(this, shard.Number);
        }

        _replacedShards.Remove(shard);
    }

    /// <summary>The server rewinds everything: under a new epoch, from the newest checkpoint.</summary>
    public void TakeOver(SimulatedServer from)
    {
        if (_server == from)
        {
            Takeovers++;
            _server = new SimulatedServer(this, _fault);
        }
    }

    private bool Finished =>
        Store.Latest() is var end && end.Round == _model.FinalRound && end.Attempt == _model.FinalAttempt;

    private void Step(bool stormy)
    {
        if (stormy && _dice.OneIn(60))
        {
            Fail();
        }

        if (_bag.Count == 0 || _dice.OneIn(12))
        {
            (_replacedServers.Count > 0 && _dice.OneIn(3)
                ? _replacedServers[_dice.Below(_replacedServers.Count)]
                : _server).Tick();
        }

        if (_bag.Count == 0)
        {
            return;
        }

        var chosen = _dice.Below(_bag.Count);
        var message = _bag[chosen];
        var fate = stormy ? _dice.Below(10) : 9;
        if (fate != 0)
        {
            _bag[chosen] = _bag[^1];
            _bag.RemoveAt(_bag.Count - 1);
        }

        if (fate != 1)
        {
            message.Arrive();
        }
        else
        {
            message.Lost?.Invoke();
        }
    }

    private void Fail()
    {
        switch (_dice.Below(5))
        {
            case 0:
                _replacedServers.Add(_server);
                TakeOver(_server);
                break;
            case 1:
                _replacedServers.Clear();
                TakeOver(_server);
                break;
            case 2:
                var shard = _shards[_dice.Below(_shards.Length)];
                Replace(shard);
                _replacedShards.Add(shard);
                break;
            case 3:
                Store.Tear(_dice);
                break;
            default:
                _replacedShards.Clear();
                _server.RequestStop();
                break;
        }
    }
}
