using Ebm.Core.Native;
using static TorchSharp.torch;

namespace Ebm.Core.Energies.Layers;

/// <summary>
/// Category numbers [rows, positions] as vectors [rows * positions, width]: one for each category, <c>weight</c>
/// [categories, width], plus one for each position, <c>position</c> [positions, width]. Its gradient in the input is
/// that in the one-hot encoding, [rows, positions * categories].
/// </summary>
internal sealed class TokenEmbedding(string name, int positions, int categories, int width) : ILayer
{
    /// <inheritdoc/>
    public IReadOnlyList<LayerParameter> Parameters { get; } =
        [new($"{name}.weight", [categories, width], 1), new($"{name}.position", [positions, width], 1)];

    /// <inheritdoc/>
    public Tensor Forward(Tensor input, ReadOnlySpan<Tensor> parameters) => parameters[0]
        .index_select(0, input.to(ScalarType.Int64).reshape(-1))
        .view(-1, positions, width).Plus(parameters[1]).view(-1, width);

    /// <inheritdoc/>
    public Tensor Backward(Tensor input, Tensor upstream, ReadOnlySpan<Tensor> parameters) =>
        mm(upstream, parameters[0].t()).view(-1, positions * categories);
}
