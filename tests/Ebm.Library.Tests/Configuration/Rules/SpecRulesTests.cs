using Ebm.Configuration.Reading;
using Ebm.Configuration.Rules;

namespace Ebm.Library.Tests.Configuration.Rules;

public sealed class SpecRulesTests
{
    private const string Gaussian = "energy={kind: gaussian-rbm, hidden: 8}";

    /// <summary>A base, overrides that break one rule, the field that is named, and a piece of the message.</summary>
    public static TheoryData<string, string[], string, string> Broken => new()
    {
        { SpecTexts.Mlp, ["sampler={kind: gibbs}"], "sampler.kind",
            "gibbs does not fit energy mlp, whose units are real; use langevin, mala, hmc, tempering or jitter" },
        { SpecTexts.Rbm, ["sampler={kind: langevin}"], "sampler.kind",
            "langevin does not fit energy rbm, whose units are binary; use gibbs, gwg, dmala, dula or tempering" },
        { SpecTexts.Rbm, ["sampler={kind: jitter}", "negatives.start=data"], "sampler.kind",
            "jitter does not fit energy rbm" },
        { SpecTexts.Mlp, ["sampler={kind: gwg}"], "sampler.kind",
            "gwg does not fit energy mlp, whose units are real; use langevin, mala, hmc, tempering or jitter" },
        { SpecTexts.Mlp, ["energy.units=binary", "sampler={kind: dmala}"], "data.binarise",
            "the units of mlp are binary; toy data is not" },
        { SpecTexts.Rbm, ["energy={kind: ising, couplings: j.npy, coupling: 1}"], "energy.coupling",
            "coupling and couplings exclude each other" },
        { SpecTexts.Rbm, ["energy={kind: ising, couplings: j.npy, lattice: [28, 28]}"], "energy.lattice",
            "couples every pair" },
        { SpecTexts.Rbm, ["energy={kind: ising, lattice: [2, 392]}"], "energy.lattice",
            "expected sides of at least 3 for a torus, found [2, 392]; shorter sides couple a pair twice. "
            + "Use boundary: free" },
        { SpecTexts.Rbm, ["energy={kind: ising, coupling: 0.2}", "learning.weightDecay=0.1"], "learning.weightDecay",
            "would change fixed parameters of ising" },
        { SpecTexts.Rbm, ["energy={kind: ising, field: 0.2}", "learning.weightDecay=0.1"], "learning.weightDecay",
            "would change fixed parameters of ising" },
        { SpecTexts.Rbm, ["energy={kind: potts, categories: 3}"], "data.binarise",
            "those of potts are categorical. Remove it" },
        { SpecTexts.Rbm, ["energy={kind: torchscript, path: a.pt, units: binary}", "sampler={kind: langevin}"],
            "sampler.kind", "langevin does not fit energy torchscript, whose units are binary; use gwg" },
        { SpecTexts.Rbm, ["energy={kind: ising, coupling: 0.2}", "learning.l1=0.1", "learning.optimiser={kind: sgd}"],
            "learning.l1", "would change fixed parameters of ising" },
        { SpecTexts.Rbm, ["energy={kind: ising, coupling: 0.2}", "learning.prune={after: 5, below: 0.1}"],
            "learning.prune", "would change fixed parameters of ising" },
        { SpecTexts.Rbm, ["learning.l1=0.1"], "learning.l1", "adam adapts it per weight. Use optimiser: {kind: sgd}" },
        { SpecTexts.Rbm, ["data={kind: gray, density: circles, bits: 31}"], "data.bits",
            "expected an even number of bits, half for each coordinate; found 31" },
        { SpecTexts.Rbm, ["data={kind: gray, density: circles, binarise: threshold}"], "data.binarise",
            "gray data is discrete already" },
        { SpecTexts.Rbm, ["data={kind: gray, density: circles, range: [0, 1]}"], "data.range",
            "gray data has no range" },
        { SpecTexts.Rbm, ["data={kind: gray, density: circles, count: 20, test: 20}"], "data.count",
            "expected at least one training row" },
        { SpecTexts.Rbm, ["data={kind: model, energy: {kind: rbm, hidden: 4}}"], "data.energy",
            "use ising or potts with coupling or couplings" },
        { SpecTexts.Rbm, ["data={kind: model, energy: {kind: ising, lattice: [4, 4]}}"], "data.energy",
            "use ising or potts with coupling or couplings" },
        { SpecTexts.Rbm, ["data={kind: model, energy: {kind: ising, coupling: 1}}"], "data.energy.coupling",
            "set lattice, or use a file of couplings" },
        { SpecTexts.Rbm, ["data={kind: model, energy: {kind: ising, coupling: 1, lattice: [2, 4]}}"],
            "data.energy.lattice", "sides of at least 3" },
        { SpecTexts.Rbm, ["data={kind: model, energy: {kind: ising, coupling: 1, lattice: [4, 4]}, sampler: {kind: "
            + "langevin}}"], "data.sampler.kind", "langevin does not fit energy ising" },
        { SpecTexts.Rbm, ["data.binarise=none"], "data.binarise", "Use binarise: threshold or binarise: sample" },
        { SpecTexts.Rbm, ["learning.dataNoise=0.1"], "learning.dataNoise", "those of rbm are binary" },
        { SpecTexts.Rbm, ["energy.centred=true", "learning.energyL2=0.1"], "learning.energyL2",
            "energyL2 and energy.centred exclude each other" },
        { SpecTexts.Rbm, ["data={kind: toy, density: rings}"], "data.binarise", "toy data is not" },
        { SpecTexts.Rbm, ["data.range=[0, 1]"], "data.range", "range and binarise exclude each other" },
        { SpecTexts.Rbm, ["data.test=10", "data.testPath=t.gz"], "data.test", "test and testPath exclude each other" },
        { SpecTexts.Rbm, ["data.testLabels=t.gz"], "data.testLabels", "testLabels needs testPath" },
        { SpecTexts.Mlp, ["data.features=3"], "data.features", "two-moons has 2 features" },
        { SpecTexts.Mlp, ["data.count=20", "data.test=10", "data.validation=10"], "data.count",
            "expected at least one training row" },
        { SpecTexts.Mlp, ["energy={kind: conv}"], "energy.kind", "conv needs images of 28x28" },
        { SpecTexts.Mlp, ["data.range=[1, 1]"], "data.range", "expected the smaller number first, found [1, 1]" },
        { SpecTexts.Mlp, ["sampler.range=[1, -1]"], "sampler.range",
            "expected the smaller number first, found [1, -1]" },
        { SpecTexts.Mlp, ["sampler={kind: jitter}"], "negatives.start", "use start: data" },
        { SpecTexts.Rbm, ["negatives.start=data", "negatives.slots=128"], "negatives.slots",
            "start: data has no slots, only start: buffer has" },
        { SpecTexts.Rbm, ["negatives.start=noise", "negatives.reinitialise=0.5"], "negatives.reinitialise",
            "start: noise has no persistent chains" },
        { SpecTexts.Rbm, ["negatives.slots=127"], "negatives.slots",
            "expected at least the number of chains (128), found 127" },
        { SpecTexts.Rbm, ["negatives.shards=3"], "negatives.shards",
            "expected at most 2 shards, found 3; 128 chains are 2 blocks of 64" },
        { SpecTexts.Mlp, ["negatives.encoding=bits"], "negatives.encoding", "those of mlp are real. Use auto" },
        { SpecTexts.Rbm, ["negatives.encoding=uint8"], "negatives.encoding", "those of rbm are binary. Use bits" },
        { SpecTexts.Mlp, ["negatives.encoding=uint8"], "negatives.encoding", "set sampler.range" },
        { SpecTexts.Mlp, [Gaussian, "sampler={kind: gibbs}", "negatives.encoding=uint8"], "negatives.encoding",
            "set sampler.range" },
        { SpecTexts.Rbm, ["learning.rounds=null"], "learning.rounds", "found neither" },
        { SpecTexts.Rbm, ["learning.epochs=1"], "learning.epochs", "exclude each other" },
        { SpecTexts.Rbm, ["learning.warmup=101"], "learning.warmup",
            "expected at most the number of rounds (100), found 101" },
        { SpecTexts.Mlp, ["evaluation.likelihood=exact"], "evaluation.likelihood",
            "the units of mlp are real. Use auto, ais or none" },
        { SpecTexts.Rbm, ["evaluation.likelihood=exact", "energy.hidden=25",
            "data={kind: toy, density: mixture, features: 25, binarise: threshold}"], "evaluation.likelihood",
            "found 25 and 25" },
        { SpecTexts.Rbm, ["sampler={kind: tempering, inner: {kind: langevin}}"], "sampler.kind",
            "tempering does not fit energy rbm, whose units are binary" },
        { SpecTexts.Rbm, ["sampler={kind: tempering, inner: {kind: tempering, inner: {kind: gibbs}}}"],
            "sampler.inner.kind", "tempering has no temperature" },
        { SpecTexts.Rbm, ["evaluation={likelihood: ais, ais: {chains: 40}}"], "evaluation.ais.chains",
            "expected a multiple of copies (16), at least 32; found 40" },
        { SpecTexts.Rbm, ["evaluation={likelihood: ais, every: 700}"], "evaluation.every",
            "expected a multiple of output.checkpointEvery (500), found 700" },
        { SpecTexts.Rbm, ["evaluation={likelihood: ais, every: 500, delay: 501}"], "evaluation.delay",
            "expected at most every (500)" },
        { SpecTexts.Rbm, ["evaluation={likelihood: none, every: 500, stop: {target: -1}}"], "evaluation.stop",
            "likelihood is none" },
        { SpecTexts.Rbm, ["evaluation.stop={target: -1}"], "evaluation.stop", "set evaluation.every" },
        { SpecTexts.Rbm, ["evaluation={every: 500, stop: {part: test}}"], "evaluation.stop",
            "expected target, patience or both; found neither" },
        { SpecTexts.Mlp, ["sampler={kind: jitter}", "negatives.start=data", "evaluation.likelihood=ais"],
            "evaluation.likelihood", "jitter only adds noise to data" },
        { SpecTexts.Rbm, ["data={kind: csv, path: a.csv, labelColumn: y}", "energy.classes=3",
            "evaluation.likelihood=ais"], "evaluation.likelihood", "has one per class" },
        { SpecTexts.Text, ["sampler={kind: langevin}"], "sampler.kind",
            "langevin does not fit energy sequence, whose units are categorical; use gwg, dmala, dula or tempering" },
        { SpecTexts.Text, ["energy={kind: rbm, hidden: 4}"], "energy.kind",
            "text data needs categorical units; those of rbm are binary. Use sequence" },
        { SpecTexts.Text, ["data={kind: csv, path: rows.csv}"], "energy.kind",
            "sequence needs lines of text; the data is of kind csv" },
        { SpecTexts.Text, ["energy.kernel=4"], "energy.kernel",
            "expected an odd number, so that the kernel has a centre; found 4" },
        { SpecTexts.Text, ["energy.layers=attention", "energy.heads=5"], "energy.heads",
            "expected a divisor of the width (64), found 5" },
        { SpecTexts.Text, ["data.alphabet=abca"], "data.alphabet", "'a' (U+0061) occurs twice" },
        { SpecTexts.Text, ["data.alphabet=\"a\\nb\""], "data.alphabet", "U+000A ends a line" },
        { SpecTexts.Text, ["data.alphabet=''"], "data.alphabet", "expected 1 to 255 characters, found 0" },
        { SpecTexts.Text, ["data.range=[0, 1]"], "data.range", "characters have no range" },
        { SpecTexts.Text, ["data.binarise=sample"], "data.binarise", "those of sequence are categorical" },
        { SpecTexts.Text, ["data.test=1", "data.testPath=t.txt"], "data.test", "test and testPath exclude each other" },
        { SpecTexts.Text, ["learning.dataNoise=0.1"], "learning.dataNoise", "those of sequence are categorical" },
        { SpecTexts.Text, ["negatives.encoding=bits"], "negatives.encoding",
            "those of sequence are categorical. Use auto" },
    };

    [Theory]
    [MemberData(nameof(Broken))]
    public void Check_BrokenRule_IsTheOnlyProblemAndHasARemedy(
        string text, string[] overrides, string path, string message)
    {
        var problem = Assert.Single(SpecTexts.Problems(text, overrides));

        Assert.Equal(path, problem.Path);
        Assert.Contains(message, problem.Message, StringComparison.Ordinal);
    }

    public static TheoryData<string, string[]> Kept => new()
    {
        { SpecTexts.Mlp, [Gaussian] },
        { SpecTexts.Mlp, [Gaussian, "sampler={kind: gibbs}"] },
        { SpecTexts.Mlp, [Gaussian, "sampler={kind: jitter}", "negatives.start=data"] },
        { SpecTexts.Mlp, ["data.binarise=threshold"] },
        { SpecTexts.Mlp, ["energy.units=binary", "data.binarise=threshold", "sampler={kind: gwg}"] },
        { SpecTexts.Rbm, ["sampler={kind: dmala, adapt: false}"] },
        { SpecTexts.Rbm, ["data={kind: gray, density: pinwheel}", "energy={kind: mlp, hidden: [8], units: binary}",
            "sampler={kind: dmala}"] },
        { SpecTexts.Rbm, ["data={kind: model, energy: {kind: ising, lattice: [4, 4], coupling: 0.2}}",
            "energy={kind: ising}", "learning.l1=0.1", "learning.prune={after: 5, below: 0.1}",
            "learning.optimiser={kind: sgd}"] },
        { SpecTexts.Rbm, ["data={kind: model, energy: {kind: potts, categories: 3, lattice: [4, 4], coupling: "
            + "0.2}, sampler: {kind: gwg}}", "energy={kind: potts, categories: 3}"] },
        { SpecTexts.Rbm, ["energy={kind: ising, lattice: [28, 28]}", "learning.weightDecay=0.1"] },
        { SpecTexts.Rbm, ["energy={kind: ising, lattice: [2, 392], boundary: free, coupling: 0.2, learnField: true}"] },
        { SpecTexts.Rbm, ["energy={kind: potts, categories: 2}", "data.binarise=none", "data.range=[0, 255]",
            "sampler={kind: gwg}"] },
        { SpecTexts.Rbm, ["sampler={kind: dula, stepSize: 0.5}"] },
        { SpecTexts.Mlp, ["sampler.range=[-1, 1]", "negatives.encoding=uint8"] },
        { SpecTexts.Mlp, ["energy={kind: conv}", "data={kind: toy, density: mixture, features: 784}"] },
        { SpecTexts.Mlp, ["data.count=21", "data.test=10", "data.validation=10"] },
        { SpecTexts.Rbm, ["data={kind: csv, path: rows.csv}"] },
        { SpecTexts.Rbm, ["data={kind: npy, path: rows.npy}", "negatives.encoding=bits"] },
        { SpecTexts.Rbm, ["negatives.slots=128", "negatives.shards=2", "negatives.reinitialise=1",
            "learning.warmup=100"] },
        { SpecTexts.Rbm, ["evaluation.likelihood=exact", "energy.hidden=500"] },
        { SpecTexts.Rbm, ["learning.rounds=null", "learning.epochs=1", "learning.warmup=1000000"] },
        { SpecTexts.Rbm, ["evaluation={likelihood: ais, every: 1000, delay: 1000, stop: {patience: 1, target: "
            + "-90, part: train}, ais: {chains: 4, copies: 2}}"] },
        { SpecTexts.Mlp, ["evaluation.likelihood=ais"] },
        { SpecTexts.Rbm, ["sampler={kind: tempering, replicas: 3, inner: {kind: gibbs, steps: 5}}"] },
        { SpecTexts.Mlp, ["sampler={kind: tempering, inner: {kind: mala, range: [-1, 1]}}",
            "negatives.encoding=uint8"] },
        { SpecTexts.Text, ["data.alphabet=null", "data.length=12", "sampler={kind: dmala}",
            "negatives.encoding=uint8"] },
        { SpecTexts.Text, ["energy={kind: sequence, layers: attention, kernel: 4, base: data-mean}"] },
    };

    [Theory]
    [MemberData(nameof(Kept))]
    public void Check_SpecAtTheEdgeOfTheRules_IsAccepted(string text, string[] overrides) =>
        Assert.Empty(SpecRules.Check(SpecFile.Parse(text, "spec.yaml", overrides)));
}
