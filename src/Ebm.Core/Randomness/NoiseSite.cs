namespace Ebm.Core.Randomness;

/// <summary>
/// Where in a stream a tensor of noise begins: row i of the tensor belongs to chain <paramref name="FirstChain"/> + i.
/// Together with the column this is the whole 128-bit counter (column block, chain, step, draw).
/// </summary>
/// <param name="Key">The stream.</param>
/// <param name="FirstChain">Global number of the chain (or data row) in the tensor's first row.</param>
/// <param name="Step">Sampler step within the round, counted from 0.</param>
/// <param name="Draw">Which draw within the step, counted from 0.</param>
public readonly record struct NoiseSite(RandomKey Key, uint FirstChain, uint Step = 0, uint Draw = 0);
