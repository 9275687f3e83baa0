using System.Runtime.InteropServices;
using Ebm.Core.Rounds;
using Ebm.Core.Sampling;

namespace Ebm.Grains.Stores.Redis;

/// <summary>
/// The part of a shard's record that each commit replaces. Little-endian; scripts read its first fields
/// (<see cref="ShardScripts"/>), so their places are fixed.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = Bytes)]
internal struct ShardHeader
{
    public const int Bytes = 88;

    [FieldOffset(0)] public long Epoch;
    [FieldOffset(8)] public long Round;
    [FieldOffset(16)] public int Attempt;
    [FieldOffset(20)] public int Answerable;
    [FieldOffset(24)] public long Version;
    [FieldOffset(32)] public long Written;
    [FieldOffset(40)] public double Acceptance;
    [FieldOffset(48)] public double GradientNorm;
    [FieldOffset(56)] public int Chains;
    [FieldOffset(60)] public int Reinitialised;
    [FieldOffset(64)] public int NonFinite;
    [FieldOffset(72)] public double JumpDistance;
    [FieldOffset(80)] public double SwapAcceptance;

    public static ShardHeader Of(ShardPosition position, long version, ChainMetrics figures, DateTimeOffset now) =>
        new()
    {
        Epoch = position.Epoch,
        Round = position.Round,
        Attempt = position.Attempt,
        Answerable = position.Answerable ? 1 : 0,
        Version = version,
        Written = now.ToUnixTimeMilliseconds(),
        Acceptance = figures.Acceptance,
        GradientNorm = figures.GradientNorm,
        JumpDistance = figures.JumpDistance,
        SwapAcceptance = figures.SwapAcceptance,
        Chains = figures.Chains,
        Reinitialised = figures.Reinitialised,
        NonFinite = figures.NonFinite,
    };

    public readonly ShardPosition Position => new(Epoch, Attempt, Round, Answerable != 0);

    public readonly ChainMetrics Figures => new(
        Chains, Acceptance, GradientNorm, JumpDistance, SwapAcceptance, Reinitialised, NonFinite);
}
