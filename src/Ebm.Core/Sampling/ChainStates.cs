using static TorchSharp.torch;

namespace Ebm.Core.Sampling;

/// <summary>What every kernel does with its states before and after its transitions.</summary>
internal static class ChainStates
{
    /// <summary>A copy that transitions may overwrite, with the fixed coordinates in place.</summary>
    public static Tensor Begin(Tensor states, ClampedUnits? clamp)
    {
        using var scope = NewDisposeScope();
        return (clamp?.Apply(states) ?? states.clone()).MoveToOuterDisposeScope();
    }
}
