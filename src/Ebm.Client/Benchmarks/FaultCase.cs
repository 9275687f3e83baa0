namespace Ebm.Client.Benchmarks;

/// <summary>A fault that is injected into a recipe.</summary>
/// <param name="Model">Name of the model, for the table.</param>
/// <param name="Fault">Name of the fault, for the table.</param>
/// <param name="Recipe">File of the recipe.</param>
/// <param name="Sets">Fields of the spec that the fault changes, as for --set.</param>
/// <param name="FaultyRound">Round of the first attempt whose data batch is corrupted; 0 is none.</param>
internal sealed record FaultCase(
    string Model, string Fault, string Recipe, IReadOnlyList<string> Sets, int FaultyRound = 0)
{
    private const string Rbm = "rbm-16", Moons = "two-moons";

    /// <summary>Tolerated loss of log-likelihood against the undisturbed run, in nats.</summary>
    public double Tolerance => Model == Rbm ? 0.5 : 0.05;

    /// <summary>The ten faults of the suite.</summary>
    public static IReadOnlyList<FaultCase> All { get; } =
    [
        new(Rbm, "rate x10", "rbm-16.yaml", ["learning.optimiser={kind: sgd, rate: 30}"]),
        new(Rbm, "one step", "rbm-16-gwg.yaml", ["sampler.steps=1"]),
        new(Rbm, "no penalty", "rbm-16-noise.yaml", ["learning.weightDecay=0"]),
        new(Rbm, "step size x10", "rbm-16-dmala.yaml", ["sampler.stepSize=2"]),
        new(Rbm, "poisoned batch", "rbm-16.yaml", [], FaultyRound: 600),
        new(Moons, "rate x10", "two-moons.yaml", ["learning.optimiser={kind: sgd, rate: 0.5, momentum: 0.9}"]),
        new(Moons, "one step", "two-moons.yaml", ["sampler.steps=1"]),
        new(Moons, "no penalty", "two-moons.yaml", ["learning.energyL2=0"]),

        // The step of the discretisation. The noise grows with it, so that the chains still target temperature 1.
        new(Moons, "step size x10", "two-moons.yaml", ["sampler.stepSize=0.05", "sampler.noise=0.31622776601683794"]),
        new(Moons, "poisoned batch", "two-moons.yaml", [], FaultyRound: 700),
    ];
}
