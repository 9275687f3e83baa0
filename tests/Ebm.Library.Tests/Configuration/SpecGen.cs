using System.Text.Json;
using CsCheck;
using Ebm.Core.Plans;
using Ebm.Core.Spec;

namespace Ebm.Library.Tests.Configuration;

/// <summary>Specs that every rule accepts, over as much of the form as the rules allow.</summary>
internal static class SpecGen
{
    /// <summary>Texts that YAML would take for something else.</summary>
    public static string[] HardTexts { get; } =
    [
        "null", "Null", "~", "true", "yes", "1e3", "0x1F", "-", "- a", "a: b", "a #b", "{a}", "[", "]", "*a", "&a",
        "!a", "|", ">", "'", "\"", "%a", "@a", "`", ",",
        "...", "---", "<<", "=", "?", ":", "\u00e9t\u00e9", "\U0001F600", "\u0085", "\u2028", "\ufeff", "a\nb", "\n",
        "a\tb", "\e", " a ", "\r", "\u0001",
    ];

    private static readonly Gen<string> Words = Gen.OneOf(
        Gen.OneOf(HardTexts), Gen.String[Gen.Char.Where(c => c != 0 && !char.IsSurrogate(c)), 1, 20]);

    private static readonly Gen<string> Paths =
        Words.Where(w => !string.IsNullOrWhiteSpace(w))
            .Select(w => Path.TrimEndingDirectorySeparator(Path.GetFullPath(w, "/data")));

    private static readonly Gen<string> Names =
        Gen.String[Gen.Char["ABCXYZabcxyz0189._-"], 1, 63].Where(n => char.IsAsciiLetterOrDigit(n[0]));

    private static readonly Gen<double[]> Intervals =
        Gen.Select(Gen.Double[-1e6, 1e6], Gen.Double[-1e6, 1e6]).Where((a, b) => a != b)
            .Select((a, b) => new[] { Math.Min(a, b), Math.Max(a, b) });

    private static readonly Gen<double> Shares = Gen.Double[0, 1];

    private static readonly Gen<double> Positive =
        Gen.OneOf(Gen.Double[1e-300, 1e-9], Gen.Double[1e-9, 1], Gen.Double[1, 1000]);

    private static Gen<T?> Maybe<T>(Gen<T> gen) where T : struct =>
        Gen.OneOf(gen.Select(v => (T?)v), Gen.Const(() => (T?)null));

    private static Gen<T?> MaybeNot<T>(Gen<T> gen) where T : class =>
        Gen.OneOf(gen.Select(v => (T?)v), Gen.Const(() => (T?)null));

    private static Gen<DataSpec> Data(bool binary) =>
        from binarise in binary ? Gen.OneOf(Binarise.Threshold, Binarise.Sample) : Gen.OneOf(Enum.GetValues<Binarise>())
        from range in MaybeNot(Intervals)
        from heldOut in Gen.Int[0, 9]
        from data in Gen.OneOf<DataSpec>(
            Gen.Select(Paths, MaybeNot(Paths), Paths, MaybeNot(Paths)).Select((p, l, t, tl) =>
                (DataSpec)new IdxDataSpec { Path = p, Labels = l, TestPath = t, TestLabels = tl }),
            Gen.Select(Paths, MaybeNot(Words))
                .Select((p, l) => (DataSpec)new CsvDataSpec { Path = p, LabelColumn = l, Test = heldOut }),
            Paths.Select(p => (DataSpec)new NpyDataSpec { Path = p, Test = heldOut }),
            Gen.Select(Gen.Int[20, 1000], Shares, Gen.Int[1, 100]).Select((n, noise, f) =>
                (DataSpec)new ToyDataSpec { Density = ToyDensity.Mixture, Count = n, Noise = noise, Features = f,
                    Test = heldOut }))
        from threshold in Shares
        from limit in Gen.Int[0, 1000]
        select data with
        {
            Binarise = binarise,
            Range = binarise == Binarise.None ? range : null,
            Threshold = threshold,
            Validation = heldOut,
            Limit = limit,
        };

    private static readonly Gen<DataSpec> Text =
        Gen.Select(
            Paths, MaybeNot(Gen.String[Gen.Char['a', 'z'], 1, 20].Select(s => string.Concat(s.Distinct()))),
            Gen.Int[0, 4096], Gen.Int[0, 9])
            .Select((path, alphabet, length, heldOut) =>
                (DataSpec)new TextDataSpec { Path = path, Alphabet = alphabet, Length = length, Test = heldOut,
                    Validation = heldOut });

    private static readonly Gen<(EnergySpec Energy, SamplerSpec Sampler, bool Binary)> Model = Gen.OneOf(
        from layers in Gen.OneOf(Enum.GetValues<SequenceLayers>())
        from width in Gen.Int[1, 256]
        from kernel in Gen.Int[0, 31]
        from given in Gen.OneOf(Enum.GetValues<BaseKind>())
        from order in Gen.Int[2, 8]
        from steps in Gen.Int[1, 100]
        select ((EnergySpec)new SequenceSpec { Layers = layers, Width = 4 * width, Kernel = (2 * kernel) + 1,
            Base = given, BaseOrder = order },
            (SamplerSpec)new GwgSpec { Steps = steps }, false),
        from hidden in Gen.Int[1, 65536]
        from centred in Gen.Bool
        from rate in Shares
        from steps in Gen.Int[1, 100]
        select ((EnergySpec)new RbmSpec { Hidden = hidden, Centred = centred, OffsetRate = rate },
            (SamplerSpec)new GibbsSpec { Steps = steps }, true),
        from replicas in Gen.Int[2, 64]
        from ratio in Gen.Double[1e-3, 1]
        from adapt in Gen.Bool
        from steps in Gen.Int[1, 100]
        select ((EnergySpec)new RbmSpec { Hidden = 9 }, (SamplerSpec)new TemperingSpec
        {
            Replicas = replicas,
            Ratio = ratio,
            Adapt = adapt,
            Exchanges = steps,
            Inner = adapt ? new GibbsSpec { Steps = steps } : new DmalaSpec { Steps = steps },
        }, true),
        from path in Paths
        from steps in Gen.Int[1, 100]
        select ((EnergySpec)new TorchScriptSpec { Path = path }, (SamplerSpec)new LangevinSpec { Steps = steps },
            false),
        from path in Paths
        from keys in Words.Array[0, 3]
        from value in Words
        from number in Gen.Double[-1e9, 1e9]
        select ((EnergySpec)new AssemblyEnergySpec
        {
            Path = path,
            Type = "My.Ring",
            Options = FreeMapping.Of(JsonSerializer.SerializeToElement(
                keys.Distinct().ToDictionary(k => k, k => new object?[] { value, number, null, true, k }))),
        }, (SamplerSpec)new LangevinSpec(), false),
        from hidden in Gen.Int[1, 128].Array[1, 3]
        from steps in Gen.Int[1, 100]
        from balance in Gen.Double[1e-9, 1]
        from size in Positive
        from sampler in Gen.OneOf<SamplerSpec>(
            Gen.Const((SamplerSpec)new GwgSpec { Steps = steps, Balance = balance }),
            Gen.Bool.Select(adapt => (SamplerSpec)new DmalaSpec { Steps = steps, StepSize = size, Balance = balance,
                Adapt = adapt }),
            Gen.Const((SamplerSpec)new DulaSpec { Steps = steps, StepSize = size, Balance = balance }))
        select ((EnergySpec)new MlpSpec { Hidden = hidden, Units = NetworkUnits.Binary }, sampler, true),
        from side in Gen.Int[3, 4096]
        from field in Gen.Double[-1, 1]
        from lattice in Gen.Bool
        from learn in Gen.Bool
        select ((EnergySpec)new IsingSpec
        {
            Lattice = lattice ? [side, 3] : null,
            Field = learn ? field : 0,
            LearnField = learn,
        }, (SamplerSpec)new GibbsSpec(), true),
        from hidden in Gen.Int[1, 65536]
        from sigma in Positive
        from scale in Shares
        select ((EnergySpec)new GaussianRbmSpec { Hidden = hidden, Sigma = sigma, WeightScale = scale },
            (SamplerSpec)new GibbsSpec(), false),
        from hidden in Gen.Int[1, 65536].Array[1, 5]
        from activation in Gen.OneOf(Enum.GetValues<Activation>())
        from noise in Positive
        select ((EnergySpec)new MlpSpec { Hidden = hidden, Activation = activation },
            (SamplerSpec)new JitterSpec { Noise = noise }, false),
        from hidden in Gen.Int[1, 128].Array[1, 3]
        from adapt in Gen.Bool
        from size in Gen.Double[1e-9, 1000]
        from leapfrog in Gen.Int[0, 100]
        from temperature in Positive
        from range in MaybeNot(Intervals)
        select ((EnergySpec)new MlpSpec { Hidden = hidden },
            leapfrog == 0
                ? (SamplerSpec)new MalaSpec { StepSize = size, Adapt = adapt, Temperature = temperature, Range = range }
                : new HmcSpec { StepSize = size, Leapfrog = leapfrog, Jitter = 1.0 / (leapfrog + 2), Adapt = adapt,
                    Range = range }, false),
        from hidden in Gen.Int[1, 128].Array[1, 3]
        from size in Positive
        from noise in Shares
        from clip in Maybe(Positive)
        from range in MaybeNot(Intervals)
        from anneal in Gen.Double[1e-9, 1]
        select ((EnergySpec)new MlpSpec { Hidden = hidden },
            (SamplerSpec)new LangevinSpec { StepSize = size, Noise = noise, GradientClip = clip, Range = range,
                Anneal = anneal }, false));

    private static Gen<NegativesSpec> Negatives(SamplerSpec sampler) =>
        from start in sampler is JitterSpec ? Gen.Const(ChainStart.Data) : Gen.OneOf(Enum.GetValues<ChainStart>())
        from chains in Gen.Int[1, 10_000]
        from more in Gen.Int[0, 10_000]
        from again in Shares
        from shards in Gen.Int[0, RowBlocks.Count(chains)]
        select new NegativesSpec
        {
            Start = start,
            Chains = chains,
            Slots = start == ChainStart.Buffer && more > 0 ? chains + more : 0,
            Reinitialise = start == ChainStart.Buffer ? again : 0,
            Shards = shards,
            Encoding = sampler.KeptRange() is not null ? StateEncoding.Uint8 : StateEncoding.Float32,
        };

    private static readonly Gen<OptimiserSpec> Optimisers = Gen.OneOf<OptimiserSpec>(
        Gen.Select(Positive, Gen.Double[0, 0.9999])
            .Select((r, m) => (OptimiserSpec)new SgdSpec { Rate = r, Momentum = m }),
        Gen.Select(Positive, Gen.Double[0, 0.999], Gen.Double[1e-30, 1])
            .Select((r, b, e) => (OptimiserSpec)new AdamSpec { Rate = r, Beta1 = b, Epsilon = e }),
        Gen.Select(Positive, Gen.Double[0, 0.999])
            .Select((r, b) => (OptimiserSpec)new AdamWSpec { Rate = r, Beta2 = b }));

    private static readonly Gen<ScheduleSpec> Schedules = Gen.OneOf<ScheduleSpec>(
        Gen.Const((ScheduleSpec)new ConstantScheduleSpec()),
        Shares.Select(f => (ScheduleSpec)new LinearScheduleSpec { Final = f }),
        Gen.Select(Gen.Int[1, 1000], Gen.Double[1e-9, 1])
            .Select((n, f) => (ScheduleSpec)new StepScheduleSpec { Every = n, Factor = f }));

    private static readonly Gen<LearningSpec> Learning =
        from rounds in Maybe(Gen.Int[1000, 1_000_000_000])
        from epochs in Gen.Double[1e-6, 1e6]
        from batch in Gen.Int[1, 1000]
        from optimiser in Optimisers
        from schedule in Schedules
        from warmup in Gen.Int[0, 1000]
        from decay in Shares
        from clip in Maybe(Positive)
        from lag in Gen.Int[0, 16]
        select new LearningSpec
        {
            Rounds = rounds,
            Epochs = rounds is null ? epochs : null,
            Batch = batch,
            Optimiser = optimiser,
            Schedule = schedule,
            Warmup = warmup,
            WeightDecay = decay,
            GradientClip = clip,
            Lag = lag,
        };

    private static Gen<EvaluationSpec> Evaluation(SamplerSpec sampler) =>
        from likelihood in Gen.OneOf(
            LikelihoodMethod.Auto, LikelihoodMethod.None,
            sampler is JitterSpec ? LikelihoodMethod.None : LikelihoodMethod.Ais)
        from ais in Gen.Select(Gen.Int[2, 100], Gen.Int[2, 20], Gen.Int[25, 10000], Gen.Int[2, 10000])
            .Select((groups, copies, t, s) =>
                new AisSpec { Chains = groups * copies, Copies = copies, Temperatures = t, Sweeps = s })
        from delay in Gen.Int[0, 1000]
        from stop in Gen.Select(Gen.Bool, Gen.Int[1, 100]).Select((stops, patience) =>
            stops && likelihood != LikelihoodMethod.None
                ? new StopSpec { Patience = patience, Target = -patience }
                : null)
        select new EvaluationSpec { Likelihood = likelihood, Every = 1000, Delay = delay, Ais = ais, Stop = stop };

    /// <summary>Any valid spec.</summary>
    public static Gen<RunSpec> Valid { get; } =
        from name in Names
        from seed in Gen.ULong
        from device in Gen.OneOf(Enum.GetValues<DeviceKind>())
        from model in Model
        from data in model.Energy is SequenceSpec ? Text : Data(model.Binary)
        from negatives in Negatives(model.Sampler)
        from learning in Learning
        from evaluation in Evaluation(model.Sampler)
        from output in Gen.Select(Gen.Int[1, 100], Gen.Int[0, 100], Gen.Int[1, 4096]).Select((m, s, n) =>
            new OutputSpec { MetricsEvery = m, SamplesEvery = s, Samples = n })
        select new RunSpec
        {
            Name = name,
            Seed = seed,
            Device = device,
            Data = data,
            Energy = model.Energy,
            Sampler = model.Sampler,
            Negatives = negatives,
            Learning = learning,
            Evaluation = evaluation,
            Output = output,
        };
}
