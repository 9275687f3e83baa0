using Ebm.Contracts.Models;

namespace Ebm.Grains.Models;

/// <summary>Which samples are wanted of a model.</summary>
/// <param name="Count">Number of chains.</param>
/// <param name="Steps">Transitions of each.</param>
/// <param name="Seed">Seed of their starts and transitions.</param>
/// <param name="Classes">The class of each chain, of a model with classes; else empty.</param>
/// <param name="Known">Values to keep, [1 or Count, features]; NaN where the model decides. Null: the model decides
/// all.</param>
/// <param name="Start">States to go on from, [1 or Count, features]. Null: chains start afresh.</param>
internal sealed record SampleRequest(
    int Count, int Steps, ulong Seed, int[] Classes, float[,]? Known = null, float[,]? Start = null)
{
    /// <summary>Where the classes came from.</summary>
    public ClassOrigin Origin { get; init; }

    /// <summary>Images in a row of a picture; 0 makes it nearly square.</summary>
    public int Columns { get; init; }
}
