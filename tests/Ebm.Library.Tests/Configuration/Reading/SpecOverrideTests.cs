using Ebm.Configuration.Reading;
using Ebm.Core.Spec;

namespace Ebm.Library.Tests.Configuration.Reading;

public sealed class SpecOverrideTests
{
    private static RunSpec Parse(params string[] overrides) =>
        SpecFile.Parse(SpecTexts.Rbm, "/folder/spec.yaml", overrides);

    [Fact]
    public void Parse_Overrides_ReplaceAndAddFieldsInOrder()
    {
        var spec = Parse(
            "learning.rounds=5", "learning.rounds=500", "seed=3", "output.samples = 16",
            "data.path=/elsewhere/train.gz",
            "learning.optimiser={kind: sgd, momentum: 0.5}", "learning.optimiser.rate=0.1", "data.labels=labels.gz");

        Assert.Equal(500, spec.Learning.Rounds);
        Assert.Equal(3UL, spec.Seed);
        Assert.Equal(16, spec.Output.Samples);
        Assert.Equal(new SgdSpec { Momentum = 0.5, Rate = 0.1 }, spec.Learning.Optimiser);
        Assert.Equal(
            ("/elsewhere/train.gz", "/folder/labels.gz"),
            (((IdxDataSpec)spec.Data).Path, ((IdxDataSpec)spec.Data).Labels));
    }

    [Theory]
    [InlineData("learning.rounds=null")]
    [InlineData("learning.rounds=")]
    public void Parse_OverrideWithNothing_GivesTheFieldItsDefault(string removal)
    {
        var spec = Parse(removal, "learning.epochs=2.5", "negatives.chains=null");

        Assert.Equal((null, 2.5, 64), (spec.Learning.Rounds, spec.Learning.Epochs, spec.Negatives.Chains));
    }

    [Fact]
    public void Parse_ProblemOfTheFileBesideAnOverride_KeepsItsPlaceInTheFile()
    {
        var text = SpecTexts.Rbm.Replace("{rounds: 100}", "{}", StringComparison.Ordinal);

        Assert.StartsWith(
            "spec.yaml:6:1: learning.rounds: ", Assert.Single(SpecTexts.Problems(text, "learning.batch=5")).ToString());
    }

    [Theory]
    [InlineData("learning.rounds=abc", "--set learning.rounds: expected an integer; found 'abc'")]
    [InlineData("learning.rounds=0", "--set learning.rounds: expected a number from 1 to 1000000000, found 0")]
    [InlineData("learning.round=5", "--set learning.round: unknown key; did you mean 'rounds'? expected one of: ")]
    [InlineData("learning.foo=null", "--set learning.foo: unknown key; ")]
    [InlineData(
        "learning={optimizer: 1}", "--set learning: learning.optimizer: unknown key; did you mean 'optimiser'?")]
    [InlineData("learning.epochs=2", "--set learning.epochs: rounds and epochs exclude each other")]
    [InlineData("energy.kind=mlp", "spec.yaml:3:29: energy.hidden: expected a list")]
    [InlineData("energy=null", "spec.yaml:1:1: energy: missing; the energy function")]
    [InlineData("name.first=x", "--set name.first: name is 'small' and has no keys")]
    [InlineData(
        "learning.rounds", "--set learning.rounds: expected a field, = and a value, such as --set learning.rounds=500")]
    [InlineData("=5", "--set : expected a field")]
    [InlineData("a..b=5", "--set a..b: expected a field")]
    [InlineData("data.range=[0, 1", "--set data.range: not valid YAML: ")]
    [InlineData("seed=1\n---\n2", "--set seed: a second YAML document starts here")]
    public void Parse_WrongOverride_NamesTheOption(string option, string message)
    {
        var problems = SpecTexts.Problems(SpecTexts.Rbm, option);

        Assert.Contains(problems, p => p.ToString().StartsWith(message, StringComparison.Ordinal));
    }
}
