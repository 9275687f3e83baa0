using Ebm.Core.Checkpoints;
using Ebm.Core.Datasets;
using Ebm.Core.Energies;
using Ebm.Core.Learning;
using Ebm.Core.Native;
using Ebm.Core.Plans;
using Ebm.Core.Randomness;
using Ebm.Core.Recovery;
using Ebm.Core.Registry;
using Ebm.Core.Replay;
using Ebm.Core.Rollbacks;
using Ebm.Core.Spec;
using static TorchSharp.torch;

namespace Ebm.Core.Tests.Rollbacks;

public sealed class NewAttemptTests
{
    private const int Features = 3, Slots = 100;

    private static readonly RunSpec Spec = new()
    {
        Name = "test",
        Seed = 5,
        Data = new ToyDataSpec { Density = ToyDensity.Mixture, Features = Features },
        Energy = new MlpSpec { Hidden = [8] },
        Sampler = new LangevinSpec { Range = [-2, 2] },
        Negatives = new NegativesSpec { Chains = 70, Slots = Slots, Shards = 2 },
        Learning = new LearningSpec { Rounds = 50, Lag = 1, Ema = 0.9 },
    };

    private static readonly IEnergy Energy;
    private static readonly RunPlan Plan = RunPlan.For(Spec, 1000);
    private static readonly StateCodec Codec;
    private static readonly LimitViolation Broken = new(30, ViolationKind.Lead, "figure", 2, 1);
    private static readonly RollbackRecord Earlier = new(1, 0, Broken, 0);

    static NewAttemptTests()
    {
        TorchLibrary.EnsureLoaded();
        Energy = EnergyFactory.Create(Spec.Energy, Features);
        Codec = StateCodec.For(Plan.Encoding, Energy.Space, null);
    }

    /// <summary>A checkpoint of round 20; one slot of each shard is a state far outside of all others.</summary>
    private static Checkpoint Healthy(bool away = true)
    {
        var trainer = new Trainer(Energy.Layout, TrainerOptions.Of(Spec, 50, Features));
        using var flat = Energy.Initialise(
            RandomKey.Derive(5, Purpose.InitialParameters, 0, 0), new DataSummary([0, 0, 0]));
        using var state = trainer.Initialise(flat, new DataSummary([0, 0, 0]), CPU, attempt: 1);
        var states = new float[Slots * Features];
        var random = new KeyedRandom(RandomKey.Derive(5, Purpose.Toy, 0, 0));
        for (var i = 0; i < states.Length; i++)
        {
            states[i] = (float)random.Double((uint)i);
        }

        var shards = Plan.Shards.Select(shard =>
        {
            using var rows = tensor(states.AsSpan(shard.FirstSlot * Features, shard.Slots * Features)
                .ToArray()).view(shard.Slots, Features);
            if (away)
            {
                rows[4] = tensor(1e4f);
            }

            var bytes = new byte[shard.Slots * Codec.BytesPerState];
            Codec.Encode(rows, bytes);
            return (ReadOnlyMemory<byte>)bytes;
        }).ToArray();
        return new Checkpoint
        {
            RunId = "run",
            SpecDigest = "spec",
            DataDigest = "data",
            Numerics = "numerics",
            Attempt = 1,
            AttemptBase = 0,
            Round = 20,
            Scheduled = true,
            Versions = new Dictionary<long, ReadOnlyMemory<byte>>
            {
                [20] = NamedTensor.Of("parameters", state.Parameters).Bytes,
                [19] = NamedTensor.Of("parameters", state.Parameters).Bytes,
            },
            OptimiserStep = 20,
            Rollbacks = [Earlier],
            Trainer = [.. TrainerTensors.Capture(state),
                new(
                    "sampler.tuning", ElementType.F64, [2, 1],
                    new byte[] { 1, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0 })],
            Slots = shards,
        };
    }

    private static Checkpoint Begin(Checkpoint healthy) =>
        new NewAttempt(Spec, Energy, new RunawayChains(Spec, Energy, Codec), Plan.Shards)
            .Begin(healthy, 1, [Earlier], Broken, NoiseFactory.On(CPU), CPU);

    [Fact]
    public void Begin_FromAHealthyCheckpoint_IsThatOneUnderTheNextAttempt()
    {
        var (healthy, next) = (Healthy(away: false), Begin(Healthy(away: false)));

        Assert.Equal((2, 20L, 20L, true), (next.Attempt, next.AttemptBase, next.Round, next.Scheduled));
        Assert.Equal([20], next.Versions.Keys);
        Assert.Equal([Earlier, new RollbackRecord(2, 20, Broken, 0)], next.Rollbacks);
        Assert.Equal(StateDigest.OfParameters(healthy), StateDigest.OfParameters(next));
        Assert.Equal(healthy.Slots.Select(s => s.ToArray()), next.Slots.Select(s => s.ToArray()));
        foreach (var tensor in healthy.Trainer.Where(t => t.Name != "sampler.tuning"))
        {
            Assert.Equal(tensor.Bytes.ToArray(), next.Trainer.Single(t => t.Name == tensor.Name).Bytes.ToArray());
        }

        // Rounds of the attempt sample from version 20 at the oldest, with what the sampler had adapted by then.
        Assert.Equal(
            healthy.Trainer[^1].Bytes.ToArray()[8..],
            next.Trainer.Single(t => t.Name == "sampler.tuning").Bytes.ToArray());
    }

    [Fact]
    public void Begin_WithChainsThatRanAway_ReplacesThoseAlone()
    {
        var (healthy, next) = (Healthy(), Begin(Healthy()));

        Assert.Equal(Plan.Shards.Count, next.Rollbacks[^1].Reinitialised);
        for (var shard = 0; shard < Plan.Shards.Count; shard++)
        {
            for (var slot = 0; slot < Plan.Shards[shard].Slots; slot++)
            {
                var (before, after) = (State(healthy, shard, slot), State(next, shard, slot));
                Assert.Equal(slot == 4, !before.SequenceEqual(after));
                Assert.All(after, x => Assert.InRange(x, -2, 2));
            }
        }

        Assert.NotEqual(State(next, 0, 4), State(next, 1, 4));
        Assert.Equal(StateDigest.OfState(next), StateDigest.OfState(Begin(Healthy())));
    }

    /// <summary>
    /// Energies of two classes do not compare: that one's lie far from the other's makes no chain a runaway.
    /// </summary>
    [Fact]
    public void Replace_WithClasses_JudgesEachChainAmongThoseOfItsClass()
    {
        using var scope = NewDisposeScope();
        var spec = Spec with { Energy = new RbmSpec { Hidden = 2, Classes = 2 } };
        var energy = EnergyFactory.Create(spec.Energy, Features);
        var codec = StateCodec.For(StateEncoding.Auto, energy.Space, null);
        using var rows = new DataRows(zeros(4, Features), 1, 0, [0, 0, 0, 1], null);
        using var parameters = new Parameters(energy.Layout, zeros(energy.Layout.Length));
        parameters["visible.classes"][1].fill_(-50);
        var classes = ChainClasses.For(spec, Plan, rows)!;
        var rare = Enumerable.Range(0, Slots).Where(slot => classes.OfSlots(slot, 1)[0] == 1).ToArray();

        // All ones, at an energy of 150 in the rarer class; but for one chain of it, at 0, which is the energy of all
        // others.
        var states = Enumerable.Repeat((byte)0b1110_0000, Slots).ToArray();
        states[rare[3]] = 0;
        var slots = Plan.Shards.Select(shard => (ReadOnlyMemory<byte>)states.AsMemory(shard.FirstSlot, shard.Slots))
            .ToArray();

        var (after, replaced) = new RunawayChains(spec, energy, codec, classes)
            .Replace(parameters, slots, Plan.Shards, new RandomKey(3), NoiseFactory.On(CPU));

        Assert.Equal((Slots / 4, 1), (rare.Length, replaced));
        byte[] all = [.. after.SelectMany(shard => shard.ToArray())];
        Assert.Equal(Slots - 1, all.Where((state, slot) => slot != rare[3]).Count(state => state == 0b1110_0000));
    }

    private static float[] State(Checkpoint checkpoint, int shard, int slot)
    {
        using var rows = Codec.Decode(
            checkpoint.Slots[shard].Span.Slice(slot * Codec.BytesPerState, Codec.BytesPerState), 1, CPU);
        return [.. rows.data<float>()];
    }
}
