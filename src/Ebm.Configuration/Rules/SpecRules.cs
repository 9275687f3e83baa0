using Ebm.Configuration.Reading;
using Ebm.Core;
using Ebm.Core.Plans;
using Ebm.Core.Spec;
using Ebm.Core.States;

namespace Ebm.Configuration.Rules;

/// <summary>
/// Rules between the fields of a spec that need only the spec. The loader of the data checks the rules that need its
/// shape or values.
/// </summary>
internal static class SpecRules
{
    /// <summary>Inputs of the convolutional energy: images of 28x28.</summary>
    private const int ConvFeatures = 28 * 28;

    /// <summary>All violations; empty for a valid spec.</summary>
    public static IReadOnlyList<SpecIssue> Check(RunSpec spec) =>
    [
        .. Units(spec), .. Tempering(spec), .. PairwiseRules.Check(spec), .. AssemblyRules.Check(spec),
        .. DataRules.Check(spec.Data), .. TextRules.Check(spec), .. Shape(spec),
        .. Ranges(spec), .. Negatives(spec), .. Encoding(spec),
        .. Learning(spec.Learning), .. EvaluationRules.Check(spec),
    ];

    private static bool IsBinary(EnergySpec energy) => energy.StateUnits() == UnitKind.Binary;

    private static string KindOf(object record) => SpecShape.KindOf(record.GetType())!;

    private static IEnumerable<SpecIssue> Tempering(RunSpec spec)
    {
        if (spec.Sampler is TemperingSpec { Inner: TemperingSpec or JitterSpec } tempering)
        {
            yield return new("sampler.inner.kind",
                $"{KindOf(tempering.Inner)} has no temperature; use another sampler", "sampler.kind");
        }
    }

    // Energy, sampler and data must have the same kind of units.
    private static IEnumerable<SpecIssue> Units(RunSpec spec)
    {
        var energy = KindOf(spec.Energy);
        if (!SamplerFit.Fits(spec.Sampler, spec.Energy))
        {
            yield return new("sampler.kind", $"{KindOf(spec.Sampler)} does not fit energy {energy}, whose units are "
                + $"{SpecShape.NameOf(spec.Energy.StateUnits())}; use {Quote.OneOf(SamplerFit.KindsFor(spec.Energy))}",
                "energy.kind");
        }

        if (spec.Energy.StateUnits() != UnitKind.Real && spec.Learning.DataNoise > 0)
        {
            yield return new("learning.dataNoise", "dataNoise needs real units; "
                + $"those of {energy} are {SpecShape.NameOf(spec.Energy.StateUnits())}. Remove it", "energy.kind");
        }

        if (spec.Energy is RbmSpec { Centred: true } && spec.Learning.EnergyL2 > 0)
        {
            yield return new("learning.energyL2",
                "energyL2 and energy.centred exclude each other; the penalty's weights distort "
                + "the batch means of the offsets. Remove one of them", "energy.centred");
        }

        if (spec.Energy.StateUnits() == UnitKind.Categorical && spec.Data.Binarise != Binarise.None)
        {
            yield return new("data.binarise",
                $"binarise needs binary units; those of {energy} are categorical. Remove it", "energy.kind");
        }

        if (IsBinary(spec.Energy) && spec.Data is IdxDataSpec or ToyDataSpec or CifarDataSpec or PngDataSpec
            && spec.Data.Binarise == Binarise.None)
        {
            yield return new("data.binarise",
                $"the units of {energy} are binary; {KindOf(spec.Data)} data is not. "
                + "Use binarise: threshold or binarise: sample",
                "energy.kind");
        }
    }

    private static IEnumerable<SpecIssue> Shape(RunSpec spec)
    {
        if (spec is { Energy: ConvSpec, Data: ToyDataSpec { Features: not ConvFeatures } toy })
        {
            yield return new("energy.kind",
                $"conv needs images of 28x28 ({ConvFeatures} features); the data has {toy.Features} features. "
                + "Use mlp", "data.kind");
        }

        if (spec is { Energy: ResNetSpec, Data: ToyDataSpec })
        {
            yield return new("energy.kind", "resnet needs images; toy data has none. Use mlp", "data.kind");
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
            yield return new("negatives.start", "jitter adds noise to data; use start: data", "sampler.kind");
        }

        if (negatives.Start != ChainStart.Buffer)
        {
            var start = SpecShape.NameOf(negatives.Start);
            if (negatives.Slots != 0)
            {
                yield return new("negatives.slots",
                    $"start: {start} has no slots, only start: buffer has; remove slots", "negatives.start");
            }

            if (negatives.Reinitialise != 0)
            {
                yield return new("negatives.reinitialise",
                    $"start: {start} has no persistent chains, only start: buffer has; remove reinitialise",
                    "negatives.start");
            }
        }
        else if (negatives.Slots != 0 && negatives.Slots < negatives.Chains)
        {
            yield return new("negatives.slots",
                $"expected at least the number of chains ({negatives.Chains}), found {negatives.Slots}",
                "negatives.chains");
        }

        var blocks = RowBlocks.Count(negatives.Chains);
        if (negatives.Shards > blocks)
        {
            yield return new("negatives.shards", $"expected at most {blocks} shards, found {negatives.Shards}; "
                + $"{negatives.Chains} chains are {blocks} blocks of {RowBlocks.Size}", "negatives.chains");
        }
    }

    private static IEnumerable<SpecIssue> Encoding(RunSpec spec)
    {
        switch (spec.Negatives.Encoding)
        {
            case StateEncoding.Bits when !IsBinary(spec.Energy):
                yield return new("negatives.encoding",
                    $"bits encode binary units; those of {KindOf(spec.Energy)} are "
                        + $"{SpecShape.NameOf(spec.Energy.StateUnits())}. Use auto", "energy.kind");
                break;
            case StateEncoding.Uint8 when IsBinary(spec.Energy):
                yield return new("negatives.encoding",
                    $"uint8 encodes real units; those of {KindOf(spec.Energy)} are binary. Use bits", "energy.kind");
                break;
            case StateEncoding.Uint8 when spec.Energy.StateUnits() == UnitKind.Real && spec.Sampler.KeptRange() is null:
                yield return new("negatives.encoding",
                    "uint8 divides a range into 256 levels; set sampler.range, or use float32",
                    "sampler.kind");
                break;
        }
    }

    private static IEnumerable<SpecIssue> Learning(LearningSpec learning)
    {
        if (learning.Rounds is null == learning.Epochs is null)
        {
            yield return learning.Rounds is null
                ? new("learning.rounds", "expected rounds or epochs; found neither", "learning.epochs")
                : new("learning.epochs", "rounds and epochs exclude each other; remove one of them", "learning.rounds");
        }

        if (learning.L1 > 0 && learning.Optimiser is not SgdSpec)
        {
            yield return new("learning.l1",
                $"l1 needs one learning rate for all weights; {KindOf(learning.Optimiser)} adapts it per weight. "
                + "Use optimiser: {kind: sgd}", "learning.optimiser.kind");
        }

        if (learning.Rounds is { } rounds && learning.Warmup > rounds)
        {
            yield return new("learning.warmup",
                $"expected at most the number of rounds ({rounds}), found {learning.Warmup}",
                "learning.rounds");
        }
    }
}
