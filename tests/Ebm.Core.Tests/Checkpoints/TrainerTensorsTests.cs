using Ebm.Core.Checkpoints;
using Ebm.Core.Datasets;
using Ebm.Core.Energies;
using Ebm.Core.Learning;
using Ebm.Core.Native;
using Ebm.Core.Sampling;
using Ebm.Core.Spec;
using TorchSharp;
using static TorchSharp.torch;

namespace Ebm.Core.Tests.Checkpoints;

public sealed class TrainerTensorsTests
{
    private static readonly ParameterLayout Layout =
        new(("weight", [2, 3]), ("visible.bias", [2]), ("hidden.bias", [3]));

    static TrainerTensorsTests() => TorchLibrary.EnsureLoaded();

    [Fact]
    public void Restore_InTheMiddleOfTraining_GivesTheSameBitsAsGoingOn()
    {
        var spec = new RunSpec
        {
            Name = "test",
            Data = new ToyDataSpec { Density = ToyDensity.TwoMoons },
            Energy = new RbmSpec { Hidden = 3, Centred = true },
            Sampler = new MalaSpec(),
            Learning = new LearningSpec { Ema = 0.9, GradientClip = 2, Warmup = 5, Lag = 1 },
        };
        var trainer = new Trainer(Layout, TrainerOptions.Of(spec, 10, 2));
        using var initial = ones(11);
        using var state = trainer.Initialise(initial, new DataSummary([0.5f, 0.25f]), CPU);
        Advance(trainer, state, 3);
        var checkpoint = Capture(state);
        using var restored = TrainerTensors.Restore(checkpoint, CPU);

        Assert.Equal(StateDigest.OfState(checkpoint), StateDigest.OfState(Capture(restored)));
        Advance(trainer, state, 4);
        Advance(trainer, restored, 4);
        Assert.Equal(StateDigest.OfState(Capture(state)), StateDigest.OfState(Capture(restored)));
        Assert.Equal(
            [
                "average", "chains.energies", "offsets.hidden", "offsets.visible", "optimiser.first-moment",
                "optimiser.second-moment",
                "sampler.tuning", "watch.recent",
            ],
            checkpoint.Trainer.Select(t => t.Name).Order(StringComparer.Ordinal));

        // The adapted values of the kernel are restored too: two versions with a lag of 1, another one in each round.
        Assert.Equal(state.Tunings.SelectMany(t => t), restored.Tunings.SelectMany(t => t));
        Assert.Equal(2, restored.Tunings.Count);
        Assert.NotEqual(restored.Tunings[0], restored.Tunings[1]);
    }

    [Fact]
    public void Current_OnThisMachine_NamesLibraryAndProcessor()
    {
        var fingerprint = NumericsFingerprint.Current(DeviceType.CPU);
        Assert.Matches(@"^ebm-\d+ torch-[\w.+]+ x64 cpu-\w+-(avx512|avx2|baseline)(-without-onednn)?$", fingerprint);
    }

    private static void Advance(Trainer trainer, TrainerState state, int rounds)
    {
        for (var i = 0; i < rounds; i++)
        {
            using PhaseSum data = Sum(0.1f * (state.Version + 1)), negatives = Sum(-0.3f);
            trainer.Apply(
                state, data, negatives, new ChainMetrics(1, 1, 1, double.NaN, double.NaN, 0, 0)).Previous.Dispose();
        }
    }

    private static PhaseSum Sum(float scale)
    {
        using var energies = ones(2);
        return PhaseSum.Of(arange(11, ScalarType.Float32).sin_().mul_(scale), energies);
    }

    private static Checkpoint Capture(TrainerState state) => new()
    {
        RunId = "run",
        SpecDigest = "",
        DataDigest = "",
        Numerics = "",
        Attempt = state.Attempt,
        AttemptBase = 0,
        Round = state.Version,
        Scheduled = true,
        Versions = new Dictionary<long, ReadOnlyMemory<byte>>
        {
            [state.Version] = NamedTensor.Of("parameters", state.Parameters).Bytes,
        },
        OptimiserStep = state.Optimiser.Step,
        Trainer = TrainerTensors.Capture(state),
        Slots = [],
    };
}
