using Ebm.Core.Energies;

namespace Ebm.Core.Spec;

/// <summary>
/// What must hold between the fields of a spec, as far as the spec alone can tell. What depends on the data (its shape, its
/// values) is checked where the data is read.
/// </summary>
public static class SpecRules
{
    /// <summary>Units of an RBM's smaller side up to which its partition function is enumerated.</summary>
    public const int LargestEnumeration = 24;

    /// <summary>Inputs of the convolutional energy: images of 28x28.</summary>
    private const int ConvFeatures = 28 * 28;

    /// <summary>All rules that the spec breaks; none for a spec that may run.</summary>
    public static IReadOnlyList<SpecIssue> Check(RunSpec spec) =>
    [
        .. Units(spec), .. Tempering(spec), .. PairwiseRules.Check(spec), .. Data(spec.Data), .. TextRules.Check(spec), .. Shape(spec), .. Ranges(spec), .. Negatives(spec), .. Encoding(spec),
        .. Learning(spec.Learning), .. Likelihood(spec),
    ];

    private static bool IsBinary(EnergySpec energy) => energy.StateUnits() == UnitKind.Binary;

    private static string KindOf(object record) => SpecShape.KindOf(record.GetType())!;

    private static IEnumerable<SpecIssue> Tempering(RunSpec spec)
    {
        if (spec.Sampler is TemperingSpec { Inner: TemperingSpec or JitterSpec } tempering)
        {
            yield return new("sampler.inner.kind", $"{KindOf(tempering.Inner)} has no temperature; write one of the other samplers", "sampler.kind");
        }
    }

    // Which energies, samplers and data go together: all three have binary units, or real ones.
    private static IEnumerable<SpecIssue> Units(RunSpec spec)
    {
        var energy = KindOf(spec.Energy);
        if (!SamplerFit.Fits(spec.Sampler, spec.Energy))
        {
            yield return new("sampler.kind", $"{KindOf(spec.Sampler)} does not fit energy {energy}, whose units are "
                + $"{SpecShape.NameOf(spec.Energy.StateUnits())}; write {Quote.OneOf(SamplerFit.KindsFor(spec.Energy))}", "energy.kind");
        }

        if (spec.Energy.StateUnits() != UnitKind.Real && spec.Learning.DataNoise > 0)
        {
            yield return new("learning.dataNoise", $"the units of {energy} are {SpecShape.NameOf(spec.Energy.StateUnits())}, which Gaussian "
                + "noise would leave; leave it out", "energy.kind");
        }

        if (spec.Energy is RbmSpec { Centred: true } && spec.Learning.EnergyL2 > 0)
        {
            yield return new("learning.energyL2", "excludes energy.centred: the offsets follow the batch means, which the penalty's "
                + "weights distort; leave one of them out", "energy.centred");
        }

        if (spec.Energy.StateUnits() == UnitKind.Categorical && spec.Data.Binarise != Binarise.None)
        {
            yield return new("data.binarise", $"the units of {energy} are categorical; leave it out", "energy.kind");
        }

        if (IsBinary(spec.Energy) && spec.Data is IdxDataSpec or ToyDataSpec or CifarDataSpec or PngDataSpec && spec.Data.Binarise == Binarise.None)
        {
            yield return new("data.binarise",
                $"the units of {energy} are binary and {KindOf(spec.Data)} data is not; write binarise: threshold or binarise: sample",
                "energy.kind");
        }
    }

    private static IEnumerable<SpecIssue> Data(DataSpec data)
    {
        if (data.Range is not null && data.Binarise != Binarise.None)
        {
            yield return new("data.range", "excludes binarise: binary values are 0 and 1; leave one of them out", "data.binarise");
        }

        if (data is GrayDataSpec or ModelDataSpec && data.Range is not null)
        {
            yield return new("data.range", $"{KindOf(data)} data has no range; leave it out", "data.kind");
        }

        if (data is GrayDataSpec or ModelDataSpec && data.Binarise != Binarise.None)
        {
            yield return new("data.binarise", $"{KindOf(data)} data is discrete as it is; leave it out", "data.kind");
        }

        if (data is GrayDataSpec { Bits: var bits } && bits % 2 == 1)
        {
            yield return new("data.bits", $"expected an even number, half for each coordinate; found {bits}");
        }

        if (TestPath(data) is not null && data.Test > 0)
        {
            yield return new("data.test", "excludes testPath: the test rows come from that file; leave one of them out", "data.testPath");
        }

        if (data is IdxDataSpec { TestLabels: not null, TestPath: null })
        {
            yield return new("data.testLabels", "labels without rows; write testPath too", "data.testPath");
        }

        if (data is CifarDataSpec { Test: > 0 })
        {
            yield return new("data.test", "cifar10 has test rows of its own, test_batch.bin; leave it out", "data.kind");
        }

        if (data is PngDataSpec { Channels: 2 })
        {
            yield return new("data.channels", "expected 1 (grey values) or 3 (colours), found 2");
        }

        if (data is ToyDataSpec { Density: not ToyDensity.Mixture, Features: not 2 } plane)
        {
            yield return new("data.features", $"{SpecShape.NameOf(plane.Density)} has 2 features; only density: mixture has more",
                "data.density");
        }

        if (Generated(data) is { } count && (long)data.Validation + data.Test >= count)
        {
            yield return new("data.count", $"{count} rows, of which validation and test hold out "
                + $"{(long)data.Validation + data.Test}: none is left to train on", "data.validation", "data.test");
        }
    }

    private static int? Generated(DataSpec data) => data switch
    {
        ToyDataSpec toy => toy.Count,
        GrayDataSpec gray => gray.Count,
        ModelDataSpec model => model.Count,
        _ => null,
    };

    private static string? TestPath(DataSpec data) => data switch
    {
        IdxDataSpec idx => idx.TestPath,
        NpyDataSpec npy => npy.TestPath,
        CsvDataSpec csv => csv.TestPath,
        PngDataSpec png => png.TestPath,
        TextDataSpec text => text.TestPath,
        _ => null,
    };

    private static IEnumerable<SpecIssue> Shape(RunSpec spec)
    {
        if (spec is { Energy: ConvSpec, Data: ToyDataSpec { Features: not ConvFeatures } toy })
        {
            yield return new("energy.kind", $"conv is for images of 28x28 ({ConvFeatures} features), the data has {toy.Features}; "
                + "write mlp", "data.kind");
        }

        if (spec is { Energy: ResNetSpec, Data: ToyDataSpec })
        {
            yield return new("energy.kind", "resnet is for images, and toy data has none; write mlp", "data.kind");
        }
    }

    private static IEnumerable<SpecIssue> Ranges(RunSpec spec)
    {
        (string Path, double[]? Range)[] ranges = [("data.range", spec.Data.Range), ("sampler.range", spec.Sampler.KeptRange())];
        return
            from r in ranges
            where r.Range is { Length: 2 } && r.Range[0] >= r.Range[1]
            select new SpecIssue(r.Path, $"expected the smaller number first, found [{Quote.Number(r.Range[0])}, {Quote.Number(r.Range[1])}]");
    }

    private static IEnumerable<SpecIssue> Negatives(RunSpec spec)
    {
        var negatives = spec.Negatives;
        if (spec.Sampler is JitterSpec && negatives.Start != ChainStart.Data)
        {
            yield return new("negatives.start", "jitter is noise on the data; write start: data", "sampler.kind");
        }

        if (negatives.Start != ChainStart.Buffer)
        {
            var start = SpecShape.NameOf(negatives.Start);
            if (negatives.Slots != 0)
            {
                yield return new("negatives.slots", $"only start: buffer has slots, this is start: {start}; leave it out", "negatives.start");
            }

            if (negatives.Reinitialise != 0)
            {
                yield return new("negatives.reinitialise", $"only start: buffer has chains that go on, this is start: {start}; leave it out",
                    "negatives.start");
            }
        }
        else if (negatives.Slots != 0 && negatives.Slots < negatives.Chains)
        {
            yield return new("negatives.slots", $"expected at least as many as chains ({negatives.Chains}), found {negatives.Slots}",
                "negatives.chains");
        }

        var blocks = Blocks.Of(negatives.Chains);
        if (negatives.Shards > blocks)
        {
            yield return new("negatives.shards", $"{negatives.Chains} chains are {blocks} blocks of {Blocks.Size}: expected at most "
                + $"{blocks} shards, found {negatives.Shards}", "negatives.chains");
        }
    }

    private static IEnumerable<SpecIssue> Encoding(RunSpec spec)
    {
        switch (spec.Negatives.Encoding)
        {
            case StateEncoding.Bits when !IsBinary(spec.Energy):
                yield return new("negatives.encoding",
                    $"bits hold binary units, and those of {KindOf(spec.Energy)} are {SpecShape.NameOf(spec.Energy.StateUnits())}; write auto", "energy.kind");
                break;
            case StateEncoding.Uint8 when IsBinary(spec.Energy):
                yield return new("negatives.encoding", $"uint8 holds real units, and those of {KindOf(spec.Energy)} are binary; write bits", "energy.kind");
                break;
            case StateEncoding.Uint8 when spec.Energy.StateUnits() == UnitKind.Real && spec.Sampler.KeptRange() is null:
                yield return new("negatives.encoding", "uint8 divides a range into 256 levels; write sampler.range, or float32",
                    "sampler.kind");
                break;
        }
    }

    private static IEnumerable<SpecIssue> Learning(LearningSpec learning)
    {
        if (learning.Rounds is null == learning.Epochs is null)
        {
            yield return learning.Rounds is null
                ? new("learning.rounds", "expected one of rounds and epochs, found neither", "learning.epochs")
                : new("learning.epochs", "rounds and epochs exclude each other; leave one of them out", "learning.rounds");
        }

        if (learning.L1 > 0 && learning.Optimiser is not SgdSpec)
        {
            yield return new("learning.l1", $"is a step of rate l1 for every weight, and {KindOf(learning.Optimiser)} has a rate for each; "
                + "write optimiser kind sgd", "learning.optimiser.kind");
        }

        if (learning.Rounds is { } rounds && learning.Warmup > rounds)
        {
            yield return new("learning.warmup", $"expected at most the number of rounds ({rounds}), found {learning.Warmup}",
                "learning.rounds");
        }
    }

    private static IEnumerable<SpecIssue> Likelihood(RunSpec spec)
    {
        var evaluation = spec.Evaluation;
        var kind = KindOf(spec.Energy);
        switch (evaluation.Likelihood)
        {
            case LikelihoodMethod.Exact when spec.Energy.StateUnits() == UnitKind.Real:
                yield return new("evaluation.likelihood",
                    $"exact enumerates the states of a model, and the units of {kind} are real; write auto, ais or none", "energy.kind");
                break;
            case LikelihoodMethod.Exact when spec is { Data: ToyDataSpec toy, Energy: RbmSpec rbm }
                && Math.Min(rbm.Hidden, toy.Features) > LargestEnumeration:
                yield return new("evaluation.likelihood", $"exact needs at most {LargestEnumeration} hidden or visible units, found "
                    + $"{rbm.Hidden} and {toy.Features}; write auto, ais or none", "energy.kind", "data.kind");
                break;
            case LikelihoodMethod.Ais when spec.Energy.ClassCount() > 0:
                yield return new("evaluation.likelihood", "ais estimates one Z, and an energy with classes has one for each; write auto or none",
                    "energy.classes");
                break;
            case LikelihoodMethod.Ais when spec.Sampler is JitterSpec:
                yield return new("evaluation.likelihood", "ais needs a sampler that draws from the model, and jitter draws none; write none",
                    "sampler.kind");
                break;
        }

        var ais = evaluation.Ais;
        if (ais.Chains % ais.Copies != 0 || ais.Chains < 2 * ais.Copies)
        {
            yield return new("evaluation.ais.chains", $"expected two or more groups of copies ({ais.Copies}) chains, found {ais.Chains}",
                "evaluation.ais.copies");
        }

        if (evaluation.Delay > evaluation.Every)
        {
            yield return new("evaluation.delay", $"expected at most every ({evaluation.Every}), so that one round is evaluated at a time, "
                + $"found {evaluation.Delay}", "evaluation.every");
        }

        if (evaluation.Likelihood == LikelihoodMethod.Ais || evaluation.Stop is not null)
        {
            foreach (var issue in Outcomes(spec))
            {
                yield return issue;
            }
        }
    }

    // Evaluations whose outcome comes later, or that decide something, are of checkpoints.
    private static IEnumerable<SpecIssue> Outcomes(RunSpec spec)
    {
        var (evaluation, every) = (spec.Evaluation, spec.Output.CheckpointEvery);
        if (evaluation.Every > 0 && (every == 0 || evaluation.Every % every != 0))
        {
            yield return new("evaluation.every", $"with ais or stop, what is evaluated is a checkpoint: expected a multiple of "
                + $"output.checkpointEvery ({every}), found {evaluation.Every}", "output.checkpointEvery");
        }

        if (evaluation.Stop is not { } stop)
        {
            yield break;
        }

        if (evaluation.Every == 0)
        {
            yield return new("evaluation.stop", "ends a run by its evaluations; write evaluation.every", "evaluation.every");
        }

        if (evaluation.Likelihood == LikelihoodMethod.None)
        {
            yield return new("evaluation.stop", "ends a run by its log-likelihood, and likelihood is none; write ais, exact or auto",
                "evaluation.likelihood");
        }

        if (stop is { Target: null, Patience: null })
        {
            yield return new("evaluation.stop", "expected target, patience or both, found neither");
        }
    }
}
