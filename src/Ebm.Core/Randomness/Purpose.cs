namespace Ebm.Core.Randomness;

/// <summary>
/// What a random stream is for. The numbers enter every key: they are part of a run's result and never change.
/// </summary>
public enum Purpose : uint
{
    /// <summary>Initial parameters.</summary>
    InitialParameters = 1,

    /// <summary>The order in which an epoch visits the training rows; its "round" is the epoch.</summary>
    BatchOrder = 2,

    /// <summary>Gaussian noise added to data rows.</summary>
    DataNoise = 3,

    /// <summary>Binarisation of data rows by sampling.</summary>
    Binarisation = 4,

    /// <summary>Uniform noise that turns stored uint8 levels back into real values.</summary>
    Dequantise = 5,

    /// <summary>Which replay slots a round's chains continue.</summary>
    SlotSelection = 6,

    /// <summary>Which of the drawn chains start afresh.</summary>
    Reinitialise = 7,

    /// <summary>Fresh starting states of chains and slots.</summary>
    FreshStates = 8,

    /// <summary>The transitions of the sampler.</summary>
    Sampler = 9,

    /// <summary>Train, validation and test splits.</summary>
    Split = 10,

    /// <summary>Generated toy data.</summary>
    Toy = 11,

    /// <summary>Evaluation and sampling outside of training.</summary>
    Evaluation = 12,

    /// <summary>Faults of a chaos run: when, which, where.</summary>
    Faults = 13,

    /// <summary>Exchanges of rows between two sets that are compared.</summary>
    Exchange = 20,

    /// <summary>Chains that are continued for long outside of training.</summary>
    LongRun = 21,

    /// <summary>The walk of annealed importance sampling from the base to the model.</summary>
    AnnealForward = 40,

    /// <summary>The walk back.</summary>
    AnnealReverse = 41,

    /// <summary>One step of such a walk; its "round" is the step and its "seed" the walk's key.</summary>
    AnnealingStep = 42,

    /// <summary>Chains at the model, before they walk back.</summary>
    Equilibrate = 43,

    /// <summary>Resampling of importance weights.</summary>
    Bootstrap = 44,

    /// <summary>The pilot that spaces the temperatures of a walk.</summary>
    AnnealPilot = 45,

    /// <summary>
    /// Transitions of a replica; its "seed" is the round's sampler key, its "attempt" the exchange, its "round" the
    /// replica.
    /// </summary>
    Replica = 46,

    /// <summary>Which replicas exchange their states; its "seed" is the round's sampler key.</summary>
    ReplicaExchange = 47,

    /// <summary>Models and chains of benchmarks.</summary>
    Benchmark = 60,
}
