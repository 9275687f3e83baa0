using static TorchSharp.torch;

namespace Ebm.Core.Energies.Layers;

/// <summary>
/// Attention of all positions to all (Vaswani et al. 2017, section 3.2, without a mask): sequences [rows * positions,
/// width] to the same shape. <c>in.weight</c> [3 width, width] makes queries, keys and values, <c>out.weight</c>
/// [width, width] joins the heads; each has a bias.
/// </summary>
internal sealed class SelfAttention(string name, int positions, int width, int heads) : IStage
{
    private const int Queries = 0, Keys = 1, Values = 2;
    private readonly double _scale = 1 / Math.Sqrt(width / heads);

    /// <summary>Positions in a row.</summary>
    public int Positions => positions;

    /// <summary>Parts that attend each by itself.</summary>
    public int Heads => heads;

    /// <inheritdoc/>
    public IReadOnlyList<LayerParameter> Parameters { get; } =
    [
        new($"{name}.in.weight", [3 * width, width], width), new($"{name}.in.bias", [3 * width], width),
        new($"{name}.out.weight", [width, width], width), new($"{name}.out.bias", [width], width),
    ];

    /// <inheritdoc/>
    public Tensor Forward(Tensor input, ReadOnlySpan<Tensor> parameters) =>
        Forward(input, parameters, new Stack<Tensor>());

    /// <inheritdoc/>
    public Tensor Forward(Tensor input, ReadOnlySpan<Tensor> parameters, Stack<Tensor> trail)
    {
        using Scalar scale = _scale;
        var parts = addmm(parameters[1], input, parameters[0].t(), beta: 1, alpha: 1)
            .view(-1, positions, 3, heads, width / heads).permute(2, 0, 3, 1, 4);
        var (queries, keys, values) =
            (parts.select(0, Queries).mul(scale), parts.select(0, Keys), parts.select(0, Values));
        var attention = matmul(queries, keys.transpose(2, 3)).softmax(-1);
        trail.Push(queries);
        trail.Push(keys);
        trail.Push(values);
        trail.Push(attention);
        return addmm(parameters[3], Joined(matmul(attention, values)), parameters[2].t(), beta: 1, alpha: 1);
    }

    /// <inheritdoc/>
    public Tensor Backward(Tensor upstream, ReadOnlySpan<Tensor> parameters, Stack<Tensor> trail)
    {
        using Scalar scale = _scale;
        var (attention, values, keys, queries) = (trail.Pop(), trail.Pop(), trail.Pop(), trail.Pop());
        var heard = mm(upstream, parameters[2]).view(-1, positions, heads, width / heads).transpose(1, 2);
        var toAttention = matmul(heard, values.transpose(2, 3));

        // Through the softmax: dS = A (dA - sum_k A_k dA_k), row by row.
        var toScores = toAttention.sub(toAttention.mul(attention).sum(-1, keepdim: true)).mul_(attention);
        var parts = stack(
            [matmul(toScores, keys).mul_(scale), matmul(toScores.transpose(2, 3), queries),
                matmul(attention.transpose(2, 3), heard)]);
        return mm(parts.permute(1, 3, 0, 2, 4).reshape(-1, 3 * width), parameters[0]);
    }

    /// <summary>Heads [rows, heads, positions, width / heads] beside each other: [rows * positions, width].</summary>
    private Tensor Joined(Tensor parts) => parts.transpose(1, 2).reshape(-1, width);
}
