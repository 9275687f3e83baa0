namespace Ebm.Core.Randomness;

/// <summary>The keys of one round of one attempt of a run.</summary>
public readonly record struct RoundKeys(ulong Seed, int Attempt, long Round)
{
    /// <summary>The key of one purpose.</summary>
    public RandomKey For(Purpose purpose) => RandomKey.Derive(Seed, purpose, Attempt, Round);
}
