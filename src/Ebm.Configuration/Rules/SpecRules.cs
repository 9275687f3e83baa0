using Ebm.Configuration.Reading;
using Ebm.Core;
using Ebm.Core.Plans;
using Ebm.Core.Spec;
using Ebm.Core.States;

namespace Ebm.Configuration.Rules;

/// <summary>
/// What must hold between the fields of a spec, as far as the spec alone can tell. What depends on the data (its shape,
/// its values) is checked where the data is read.
/// </summary>
public static class SpecRules
{
    /// <summary>Inputs of the convolutional energy: images of 28x28.</summary>
    private const int ConvFeatures = 28 * 28;

    /// <summary>All rules that the spec breaks; none for a spec that may run.</summary>
    public static IReadOnlyList<SpecIssue> Check(RunSpec spec) =>
    [
        .. Units(spec), .. Tempering(spec), .. PairwiseRules.Check(spec), .. DataRules.Check(spec.Data),
        .. TextRules.Check(spec), .. Shape(spec),
        .. Ranges(spec), .. Negatives(spec), .. Encoding(spec),
        .. Learning(spec.Learning), .. EvaluationRules.Check(spec),
    ];

    private static bool IsBinary(EnergySpec energy) => energy.StateUnits() == UnitKind.Binary;

    private static string KindOf(object record) => SpecShape.KindOf(record.GetType())!;

    private static IEnumerable<SpecIssue> Tempering(RunSpec spec)
    {
        if (spec.Sampler is TemperingSpec { Inner: TemperingSpec or JitterSpec } tempering)
        {
            yield return new(
                "sampler.inner.kind", $"{KindOf(tempering.Inner)} has no temperature; write one of the other samplers",
                "sampler.kind");
        }
    }

    // Which energies, samplers and data go together: all three have binary units, or real ones.
    private static IEnumerable<SpecIssue> Units(RunSpec spec)
    {
        var energy = KindOf(spec.Energy);
        if (!SamplerFit.Fits(spec.Sampler, spec.Energy))
        {
            yield return new("sampler.kind", $"{KindOf(spec.Sampler)} does not fit energy {energy}, whose units are "
                + $"{SpecShape.NameOf(spec.Energy.StateUnits())}; write "
                + $"{Quote.OneOf(SamplerFit.KindsFor(spec.Energy))}", "energy.kind");
        }

        if (spec.Energy.StateUnits() != UnitKind.Real && spec.Learning.DataNoise > 0)
        {
            yield return new(
                "learning.dataNoise",
                $"the units of {energy} are {SpecShape.NameOf(spec.Energy.StateUnits())}, which Gaussian "
                + "noise would leave; leave it out", "energy.kind");
        }

        if (spec.Energy is RbmSpec { Centred: true } && spec.Learning.EnergyL2 > 0)
        {
            yield return new(
                "learning.energyL2", "excludes energy.centred: the offsets follow the batch means, which the penalty's "
                + "weights distort; leave one of them out", "energy.centred");
        }

        if (spec.Energy.StateUnits() == UnitKind.Categorical && spec.Data.Binarise != Binarise.None)
        {
            yield return new("data.binarise", $"the units of {energy} are categorical; leave it out", "energy.kind");
        }

        if (IsBinary(spec.Energy) && spec.Data is IdxDataSpec or ToyDataSpec or CifarDataSpec or PngDataSpec
            && spec.Data.Binarise == Binarise.None)
        {
            yield return new("data.binarise",
                $"the units of {energy} are binary and {KindOf(spec.Data)} data is not; write binarise: "
                    + "threshold or binarise: sample",
                "energy.kind");
        }
    }

    private static IEnumerable<SpecIssue> Shape(RunSpec spec)
    {
        if (spec is { Energy: ConvSpec, Data: ToyDataSpec { Features: not ConvFeatures } toy })
        {
            yield return new(
                "energy.kind", $"conv is for images of 28x28 ({ConvFeatures} features), the data has {toy.Features}; "
                + "write mlp", "data.kind");
        }

        if (spec is { Energy: ResNetSpec, Data: ToyDataSpec })
        {
            yield return new("energy.kind", "resnet is for images, and toy data has none; write mlp", "data.kind");
        }
    }

    private static IEnumerable<SpecIssue> Ranges(RunSpec spec)
    {
        (string Path, double[]? Range)[] ranges =
            [("data.range", spec.Data.Range), ("sampler.range", spec.Sampler.KeptRange())];
        return
            from r in ranges
            where r.Range is { Length: 2 } && r.Range[0] >= r.Range[1]
            select new SpecIssue(r.Path, $"expected the smaller number first, found [{Quote.Number(r.Range[0])}, "
                + $"{Quote.Number(r.Range[1])}]");
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
                yield return new(
                    "negatives.slots", $"only start: buffer has slots, this is start: {start}; leave it out",
                    "negatives.start");
            }

            if (negatives.Reinitialise != 0)
            {
                yield return new(
                    "negatives.reinitialise",
                    $"only start: buffer has chains that go on, this is start: {start}; leave it out",
                    "negatives.start");
            }
        }
        else if (negatives.Slots != 0 && negatives.Slots < negatives.Chains)
        {
            yield return new(
                "negatives.slots", $"expected at least as many as chains ({negatives.Chains}), found {negatives.Slots}",
                "negatives.chains");
        }

        var blocks = RowBlocks.Of(negatives.Chains);
        if (negatives.Shards > blocks)
        {
            yield return new(
                "negatives.shards",
                $"{negatives.Chains} chains are {blocks} blocks of {RowBlocks.Size}: expected at most "
                + $"{blocks} shards, found {negatives.Shards}", "negatives.chains");
        }
    }

    private static IEnumerable<SpecIssue> Encoding(RunSpec spec)
    {
        switch (spec.Negatives.Encoding)
        {
            case StateEncoding.Bits when !IsBinary(spec.Energy):
                yield return new("negatives.encoding",
                    $"bits hold binary units, and those of {KindOf(spec.Energy)} are "
                        + $"{SpecShape.NameOf(spec.Energy.StateUnits())}; write auto", "energy.kind");
                break;
            case StateEncoding.Uint8 when IsBinary(spec.Energy):
                yield return new(
                    "negatives.encoding",
                    $"uint8 holds real units, and those of {KindOf(spec.Energy)} are binary; write bits",
                    "energy.kind");
                break;
            case StateEncoding.Uint8 when spec.Energy.StateUnits() == UnitKind.Real && spec.Sampler.KeptRange() is null:
                yield return new(
                    "negatives.encoding", "uint8 divides a range into 256 levels; write sampler.range, or float32",
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
                : new(
                    "learning.epochs", "rounds and epochs exclude each other; leave one of them out",
                    "learning.rounds");
        }

        if (learning.L1 > 0 && learning.Optimiser is not SgdSpec)
        {
            yield return new(
                "learning.l1",
                $"is a step of rate l1 for every weight, and {KindOf(learning.Optimiser)} has a rate for each; "
                + "write optimiser kind sgd", "learning.optimiser.kind");
        }

        if (learning.Rounds is { } rounds && learning.Warmup > rounds)
        {
            yield return new(
                "learning.warmup", $"expected at most the number of rounds ({rounds}), found {learning.Warmup}",
                "learning.rounds");
        }
    }
}
