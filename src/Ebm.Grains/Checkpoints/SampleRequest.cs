namespace Ebm.Grains.Checkpoints;

/// <summary>Which samples are wanted of a model.</summary>
/// <param name="Count">Number of chains.</param>
/// <param name="Steps">Transitions of each.</param>
/// <param name="Seed">Seed of their starts and transitions.</param>
/// <param name="Classes">The class of each chain, of a model with classes; else empty.</param>
public sealed record SampleRequest(int Count, int Steps, ulong Seed, int[] Classes)
{
    /// <summary>Values to keep, [1 or Count, features]; NaN where the model decides. Null: the model decides all.</summary>
    public float[,]? Known { get; init; }

    /// <summary>States to go on from, [1 or Count, features]. Null: chains start afresh.</summary>
    public float[,]? Start { get; init; }
}
