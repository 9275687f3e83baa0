using CsCheck;
using Ebm.Configuration.Reading;
using Ebm.Core.Spec;

namespace Ebm.Library.Tests.Configuration.Reading;

public sealed class SpecYamlTests
{
    [Fact]
    public void Write_AnyValidSpec_ReadsBackAsTheSameSpec() => SpecGen.Valid.Sample(spec =>
        Assert.Equal(
            SpecJson.Write(spec), SpecJson.Write(SpecFile.Parse(SpecYaml.Write(spec), "/elsewhere/spec.yaml", []))));

    [Fact]
    public void Write_TextsThatYamlTakesForSomethingElse_ReadBackAsTexts() => Assert.All(SpecGen.HardTexts, text =>
    {
        var spec = SpecFile.Parse(
            SpecTexts.Mlp, "spec.yaml", []) with { Data = new CsvDataSpec { Path = "/" + text, LabelColumn = text } };
        var again = SpecFile.Parse(SpecYaml.Write(spec), "spec.yaml", []);

        Assert.Equal(spec.Data, again.Data);
    });

    [Fact]
    public void Read_CanonicalJsonOfAnyValidSpec_GivesTheSameSpec() => SpecGen.Valid.Sample(spec =>
        Assert.Equal(SpecJson.Write(spec), SpecJson.Write(SpecJson.Read(SpecJson.Write(spec)))));

    [Fact]
    public void Write_SmallSpec_HasEveryDefaultAndNothingElse() => Assert.Equal(
        """
        name: small
        seed: 0
        device: cpu
        priority: 1
        data:
          kind: idx
          path: /folder/train.gz
          binarise: sample
          threshold: 0.5
          validation: 0
          test: 0
          limit: 0
        energy:
          kind: rbm
          hidden: 16
          centred: false
          offsetRate: 0.01
          weightScale: 0.01
        sampler:
          kind: gibbs
          steps: 1
        negatives:
          start: buffer
          chains: 128
          slots: 0
          reinitialise: 0
          encoding: auto
          shards: 0
        learning:
          rounds: 100
          batch: 64
          optimiser:
            kind: adam
            beta1: 0.9
            beta2: 0.999
            epsilon: 1e-08
            rate: 0.001
          schedule:
            kind: constant
          warmup: 0
          weightDecay: 0
          l1: 0
          energyL2: 0
          dataNoise: 0
          ema: 0
          lag: 0
        recovery:
          onDivergence: rollback
          maxRollbacks: 5
          rateFactor: 0.5
          stepsFactor: 2
          stepSizeFactor: 0.25
          energyL2: 0.03
          window: 20
          limits:
            lead: 1
            gap: 6
            growth: 6
            spike: 15
            drift: 0.6
            acceptance: 0.05
        evaluation:
          likelihood: auto
          every: 0
          rows: 10000
          delay: 0
          ais:
            chains: 512
            temperatures: 10000
            sweeps: 20000
            copies: 16
        output:
          metricsEvery: 1
          samplesEvery: 0
          samples: 64
          checkpointEvery: 500
          keepCheckpoints: 3

        """,
        SpecYaml.Write(SpecFile.Parse(SpecTexts.Rbm, "/folder/spec.yaml", [])));
}
