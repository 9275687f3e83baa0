namespace Ebm.Library.Tests.Configuration.Reading;

public sealed class SpecErrorTests
{
    private const string Text = """
        name: small
        data:
          kind: idx
          path: train.gz
          binarise: sample
        energy:
          kind: rbm
          hidden: 16
        sampler:
          kind: gibbs
        learning:
          rounds: 100
          optimiser:
            kind: adam
        """;

    /// <summary>One replacement in the text above, and the line that it must give.</summary>
    public static TheoryData<string, string, string> Mistakes => new()
    {
        { "  optimiser:", "  optimizer:",
            "spec.yaml:13:3: learning.optimizer: unknown key; did you mean 'optimiser'? expected one of: "
            + "rounds, epochs, batch" },
        { "rounds: 100", "rounds: 100\n  nonsense: 1",
            "spec.yaml:13:3: learning.nonsense: unknown key; expected one of: rounds" },
        { "kind: adam", "kind: adam\n    momentum: 0.9",
            "spec.yaml:15:5: learning.optimiser.momentum: not a key of kind adam (but of sgd); expected one of: "
            + "kind, " },
        { "kind: adam", "kind: adamm",
            "spec.yaml:14:11: learning.optimiser.kind: unknown kind 'adamm'; did you mean 'adam'? expected one of: "
            + "sgd, adam, adamw" },
        { "  kind: gibbs", "  steps: 1", "spec.yaml:9:1: sampler.kind: missing; expected one of: gibbs, langevin, " },
        { "  kind: gibbs", "  kind: [gibbs]", "spec.yaml:10:9: sampler.kind: expected one of: gibbs, langevin, " },
        { "sampler:\n  kind: gibbs", "sampler: gibbs",
            "spec.yaml:9:10: sampler: expected a mapping such as {kind: gibbs}; found 'gibbs'" },
        { "  hidden: 16\n", "", "spec.yaml:6:1: energy.hidden: missing; number of hidden units" },
        { "hidden: 16", "hidden: sixteen", "spec.yaml:8:11: energy.hidden: expected an integer; found 'sixteen'" },
        { "hidden: 16", "hidden: 16.5", "spec.yaml:8:11: energy.hidden: expected an integer; found '16.5'" },
        { "hidden: 16", "hidden: 10_000", "spec.yaml:8:11: energy.hidden: expected an integer; found '10_000'" },
        { "hidden: 16", "hidden: 99999999999",
            "spec.yaml:8:11: energy.hidden: expected an integer; found '99999999999'" },
        { "hidden: 16", "hidden: \"16\"", "spec.yaml:8:11: energy.hidden: expected an integer; found the string '16'" },
        { "hidden: 16", "hidden:", "spec.yaml:8:10: energy.hidden: expected an integer; found nothing" },
        { "hidden: 16", "hidden: 0", "spec.yaml:8:11: energy.hidden: expected a number from 1 to 65536, found 0" },
        { "hidden: 16", "hidden: 16\n  weightScale: .nan",
            "spec.yaml:9:16: energy.weightScale: expected a number; found '.nan'" },
        { "hidden: 16", "hidden: 16\n  weightScale: 1e999",
            "spec.yaml:9:16: energy.weightScale: expected a number; found '1e999'" },
        { "kind: adam", "kind: adam\n    rate: 0",
            "spec.yaml:15:11: learning.optimiser.rate: expected a number above 0 and at most 1000, found 0" },
        { "hidden: 16", "hidden: 16\n  centred: yes",
            "spec.yaml:9:12: energy.centred: expected true or false; found 'yes'; did you mean 'true'?" },
        { "binarise: sample", "binarise: Sample",
            "spec.yaml:5:13: data.binarise: expected one of: none, threshold, sample; found 'Sample'; "
            + "did you mean 'sample'?" },
        { "binarise: sample", "range: [0]", "spec.yaml:5:10: data.range: expected 2 numbers, found 1" },
        { "binarise: sample", "range: [0, one]", "spec.yaml:5:14: data.range[1]: expected a number; found 'one'" },
        { "binarise: sample", "range: 1", "spec.yaml:5:10: data.range: expected a list such as [0, 1]; found '1'" },
        { "binarise: sample", "range: [0, 1e9]",
            "spec.yaml:5:14: data.range: expected a number from -1000000 to 1000000, found 1000000000" },
        { "path: train.gz", "path: ''", "spec.yaml:4:9: data.path: expected a file name, found ''" },
        { "path: train.gz", "path: \"a\\0b\"", "spec.yaml:4:9: data.path: expected a file name, found 'a\\u0000b'" },
        { "name: small", "name: ../up", "spec.yaml:1:7: name: '../up' is not valid; name of the run" },
        { "name: small", "name: \"small\\n\"", "spec.yaml:1:7: name: 'small\\u000a' is not valid; name of the run" },
        { "name: small\n", "", "spec.yaml:1:1: name: missing; name of the run" },
        { "rounds: 100", "rounds: 100\n  rounds: 200",
            "spec.yaml:13:3: rounds: duplicate key; line 12 has it already" },
        { "rounds: 100", "<<: {batch: 5}", "spec.yaml:12:3: learning.<<: unknown key; expected one of: " },
        { "rounds: 100", "[a, b]: 1", "spec.yaml:12:3: expected a key such as name:, found a list or a mapping" },
        { "  rounds: 100", "\trounds: 100", "a tab in the indentation; YAML is indented by spaces" },
        { "rounds: 100", "rounds: [100", "not valid YAML: " },
        { "rounds: 100", "rounds: !!int 100",
            "spec.yaml:12:11: YAML tags (!name) are not supported; write the value without its tag" },
        { "rounds: 100", "rounds: *there", "spec.yaml:12:11: unknown alias *there; its anchor must come first" },
        { "rounds: 100", "rounds: &a [*a]", "spec.yaml:12:15: unknown alias *a; its anchor must come first" },
        { "    kind: adam", "    kind: adam\n---\nname: next",
            "spec.yaml:15:1: a second YAML document starts here; expected one" },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void Parse_Mistake_NamesThePlaceAndTheExpectation(string right, string wrong, string message)
    {
        Assert.Contains(right, Text, StringComparison.Ordinal);
        var problems = SpecTexts.Problems(Text.Replace(right, wrong, StringComparison.Ordinal));

        Assert.Contains(problems, p => p.ToString().Contains(message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("", "the file is empty")]
    [InlineData("  \n# nothing\n", "the file is not a mapping of keys")]
    [InlineData("---\n", "the file is not a mapping of keys")]
    [InlineData("- name", "the file is not a mapping of keys")]
    [InlineData("just words", "the file is not a mapping of keys")]
    public void Parse_TextThatIsNoMapping_SaysWhichKeysAreExpected(string text, string message)
    {
        var problem = Assert.Single(SpecTexts.Problems(text));

        Assert.StartsWith(
            "spec.yaml:1:1: expected the keys name, data, energy, sampler, learning; " + message, problem.ToString());
    }

    [Theory]
    [InlineData("name: a\ndata: {kind: csv", "spec.yaml:2:7: not valid YAML: unclosed '{'")]
    [InlineData("name: a\ndata: {kind: csv, range: [0, 1", "spec.yaml:2:26: not valid YAML: unclosed '['")]
    [InlineData("name: a\ndata: {kind: csv, range: [0, 1]", "spec.yaml:2:7: not valid YAML: unclosed '{'")]
    public void Parse_TextThatEndsInsideBrackets_NamesTheUnclosedOne(string text, string message) =>
        Assert.Equal(message, Assert.Single(SpecTexts.Problems(text)).ToString());

    [Fact]
    public void Parse_ValueBeyondTheEnd_IsPlacedAtTheEnd() =>
        Assert.Contains(
            "spec.yaml:1:7: name: expected a string; found nothing",
            SpecTexts.Problems("? name").Select(p => p.ToString()));

    [Fact]
    public void Parse_SeveralMistakes_ReportsEachInTheOrderOfTheFile()
    {
        var problems = SpecTexts.Problems("""
            learning:
              rounds: many
              epoch: 2
            energy: {kind: rbn}
            sampler: {kind: gibbs, steps: 0}
            negatives: {chains: 64, shards: 9}
            """);

        Assert.Equal(
            ["name", "data", "learning.rounds", "learning.epoch", "energy.kind", "sampler.steps"],
            problems.Select(p => p.Path));
    }

    [Fact]
    public void Parse_MistakeBesideABrokenRule_ReportsBoth()
    {
        var problems = SpecTexts.Problems(SpecTexts.Rbm
            .Replace("rounds: 100", "rounds: many", StringComparison.Ordinal)
            .Replace("chains: 128", "chains: 128, shards: 3", StringComparison.Ordinal));

        // Not also "neither rounds nor epochs": that would only echo the first.
        Assert.Equal(["negatives.shards", "learning.rounds"], problems.Select(p => p.Path));
    }

    [Fact]
    public void Parse_TextThatSteersATerminal_IsQuotedInertAndCut()
    {
        var problem = Assert.Single(SpecTexts.Problems($"{SpecTexts.Rbm}\n\"\\e[2J{new string('x', 500)}\": 1"));

        Assert.DoesNotContain('\e', problem.ToString());
        Assert.True(problem.Path.Length < 100);
    }
}
