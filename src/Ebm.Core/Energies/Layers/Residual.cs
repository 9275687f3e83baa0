using static TorchSharp.torch;

namespace Ebm.Core.Energies.Layers;

/// <summary>body(x) + shortcut(x); a shortcut without stages is x itself (He, Zhang, Ren, Sun, "Deep residual learning", 2016).</summary>
public sealed class Residual(Sequential body, Sequential shortcut) : IStage
{
    /// <inheritdoc/>
    public IReadOnlyList<LayerParameter> Parameters { get; } = [.. body.Parameters, .. shortcut.Parameters];

    private int Split => body.Parameters.Count;

    /// <inheritdoc/>
    public Tensor Forward(Tensor input, ReadOnlySpan<Tensor> parameters) =>
        body.Forward(input, parameters[..Split]).add(shortcut.Forward(input, parameters[Split..]));

    /// <inheritdoc/>
    public Tensor Forward(Tensor input, ReadOnlySpan<Tensor> parameters, Stack<Tensor> trail) =>
        body.Forward(input, parameters[..Split], trail).add(shortcut.Forward(input, parameters[Split..], trail));

    /// <inheritdoc/>
    public Tensor Backward(Tensor upstream, ReadOnlySpan<Tensor> parameters, Stack<Tensor> trail)
    {
        // In the reverse of the order in which the passes forward left their inputs.
        var direct = shortcut.Backward(upstream, parameters[Split..], trail);
        return body.Backward(upstream, parameters[..Split], trail).add(direct);
    }
}
