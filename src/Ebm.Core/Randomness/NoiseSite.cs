namespace Ebm.Core.Randomness;

/// <summary>
/// Position of a noise tensor in a stream: row i of the tensor belongs to chain <paramref name="FirstChain"/> + i.
/// Together with the column it is the complete 128-bit counter (column block, chain, step, draw).
/// </summary>
/// <param name="Key">The stream.</param>
/// <param name="FirstChain">Global number of the chain (or data row) in the tensor's first row.</param>
/// <param name="Step">Sampler step within the round, counted from 0.</param>
/// <param name="Draw">Draw within the step, counted from 0.</param>
public readonly record struct NoiseSite(RandomKey Key, uint FirstChain, uint Step = 0, uint Draw = 0);
