using Ebm.Configuration.Reading;

namespace Ebm.Library.Tests.Configuration;

/// <summary>Small specs to break.</summary>
internal static class SpecTexts
{
    public const string Rbm = """
        name: small
        data: {kind: idx, path: train.gz, binarise: sample}
        energy: {kind: rbm, hidden: 16}
        sampler: {kind: gibbs}
        negatives: {chains: 128}
        learning: {rounds: 100}
        """;

    public const string Mlp = """
        name: plane
        data: {kind: toy, density: two-moons}
        energy: {kind: mlp, hidden: [8, 8]}
        sampler: {kind: langevin}
        learning: {rounds: 100}
        """;

    public const string Text = """
        name: lines
        data: {kind: text, path: lines.txt, alphabet: abc}
        energy: {kind: sequence, base: ngram}
        sampler: {kind: gwg}
        learning: {rounds: 100}
        """;

    /// <summary>The problems of a text that must not be accepted.</summary>
    public static IReadOnlyList<SpecProblem> Problems(string text, params string[] overrides) =>
        Assert.Throws<SpecException>(() => SpecFile.Parse(text, "spec.yaml", overrides)).Problems;
}
