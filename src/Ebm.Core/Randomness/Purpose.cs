namespace Ebm.Core.Randomness;

/// <summary>
/// Purpose of a random stream. The numbers enter every key: they are part of every result and never change.
/// </summary>
public enum Purpose : uint
{
    /// <summary>Initial parameters.</summary>
    InitialParameters = 1,

    /// <summary>Order of the training rows in an epoch of the data; its "round" is that epoch.</summary>
    BatchOrder = 2,

    /// <summary>Gaussian noise added to data rows.</summary>
    DataNoise = 3,

    /// <summary>Binarisation of data rows by sampling.</summary>
    Binarisation = 4,

    /// <summary>Dequantisation of stored uint8 levels.</summary>
    Dequantise = 5,

    /// <summary>Replay slots that a round's chains continue from.</summary>
    SlotSelection = 6,

    /// <summary>Chains that are reinitialised.</summary>
    Reinitialise = 7,

    /// <summary>Initial states of chains and slots.</summary>
    FreshStates = 8,

    /// <summary>Transitions of the sampler.</summary>
    Sampler = 9,

    /// <summary>Division into training, validation and test rows.</summary>
    Split = 10,

    /// <summary>Generated toy data.</summary>
    Toy = 11,

    /// <summary>Evaluation and sampling outside of training.</summary>
    Evaluation = 12,

    /// <summary>Faults of a chaos run: time, kind and place.</summary>
    Faults = 13,

    /// <summary>Exchanges of rows between two sets that are compared.</summary>
    Exchange = 20,

    /// <summary>Long chains outside of training.</summary>
    LongRun = 21,

    /// <summary>Forward AIS runs: from the base to the model.</summary>
    AnnealForward = 40,

    /// <summary>Reverse AIS runs: from the model to the base.</summary>
    AnnealReverse = 41,

    /// <summary>A step of an AIS run; its "round" is the step, its "seed" the key of the run.</summary>
    AnnealingStep = 42,

    /// <summary>Equilibration of chains at the model before a reverse AIS run.</summary>
    Equilibrate = 43,

    /// <summary>Resampling of importance weights.</summary>
    Bootstrap = 44,

    /// <summary>The pilot run of an annealing schedule.</summary>
    AnnealPilot = 45,

    /// <summary>
    /// Transitions of a replica; its "seed" is the round's sampler key, its "attempt" the exchange, its "round" the
    /// replica.
    /// </summary>
    Replica = 46,

    /// <summary>Exchanges of replicas; its "seed" is the round's sampler key.</summary>
    ReplicaExchange = 47,

    /// <summary>Models and chains of benchmarks.</summary>
    Benchmark = 60,
}
