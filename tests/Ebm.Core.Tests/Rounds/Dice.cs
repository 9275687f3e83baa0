using Ebm.Core.Randomness;

namespace Ebm.Core.Tests.Rounds;

/// <summary>Seeded choices of one schedule (SplitMix64).</summary>
internal sealed class Dice(RandomKey key)
{
    private ulong _state = key.Value;

    public int Below(int n) => (int)(Hash.Mix(_state += 0x9e3779b97f4a7c15) % (ulong)n);

    /// <summary>True once in <paramref name="n"/> times on average.</summary>
    public bool OneIn(int n) => Below(n) == 0;
}

/// <summary>Stands for arithmetic: a value is a hash of everything that it was computed from.</summary>
internal static class Hash
{
    public static ulong Of(params ReadOnlySpan<ulong> parts)
    {
        var hash = 0x243f6a8885a308d3UL;
        foreach (var part in parts)
        {
            hash = Mix(hash ^ part) + 0x9e3779b97f4a7c15;
        }

        return hash;
    }

    public static ulong Mix(ulong x)
    {
        x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
        x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
        return x ^ (x >> 31);
    }
}
