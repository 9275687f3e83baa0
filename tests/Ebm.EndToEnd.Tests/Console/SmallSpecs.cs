using System.Globalization;

namespace Ebm.EndToEnd.Tests.Console;

/// <summary>Specs that train in a second or two, over data that is written beside them.</summary>
internal static class SmallSpecs
{
    /// <summary>A persistent-chain RBM over 200 rows of 12 bits.</summary>
    public static string Rbm(EbmConsole console, int rounds = 60, string more = "")
    {
        var rows = Enumerable.Range(0, 200)
            .Select(r => string.Join(',', Enumerable.Range(0, 12).Select(c => (r * 7 + c * (r % 5)) % 3 == 0 ? 1 : 0)));
        console.File("bits.csv", string.Join('\n', rows) + "\n");
        return console.File("rbm.yaml", string.Create(CultureInfo.InvariantCulture, $$"""
            name: small
            data: {kind: csv, path: bits.csv, test: 40}
            energy: {kind: rbm, hidden: 8}
            sampler: {kind: gibbs}
            negatives: {chains: 192, slots: 300, reinitialise: 0.05, shards: 3}
            learning: {rounds: {{rounds}}, batch: 160, ema: 0.9, optimiser: {kind: adam, rate: 0.01}{{more}}}
            output: {checkpointEvery: 20}
            """));
    }

    /// <summary>An MLP on two-moons, with a step size that each round adapts.</summary>
    public static string Mlp(EbmConsole console) => console.File("mlp.yaml", """
        name: plane
        data: {kind: toy, density: two-moons, count: 500}
        energy: {kind: mlp, hidden: [16, 16]}
        sampler: {kind: mala, steps: 5, range: [-4, 4]}
        negatives: {chains: 128}
        learning: {rounds: 30, batch: 64, lag: 1}
        """);

    /// <summary>One whose rate is ten times too high, so that it rolls back.</summary>
    public static string Diverging(EbmConsole console) => console.File("diverging.yaml", """
        name: diverging
        data: {kind: toy, density: two-moons, count: 2000}
        energy: {kind: mlp, hidden: [32, 32], activation: silu}
        sampler: {kind: langevin, steps: 10, stepSize: 0.005, noise: 0.1, range: [-4, 4]}
        negatives: {chains: 128, slots: 256, reinitialise: 0.05, shards: 2}
        learning: {rounds: 60, batch: 128, optimiser: {kind: sgd, rate: 0.5, momentum: 0.9}}
        output: {checkpointEvery: 10}
        """);
}
