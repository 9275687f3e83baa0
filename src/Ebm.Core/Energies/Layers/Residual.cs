using Ebm.Core.Native;
using static TorchSharp.torch;

namespace Ebm.Core.Energies.Layers;

/// <summary>
/// body(x) + shortcut(x); a shortcut without stages is x itself (He, Zhang, Ren, Sun, "Deep residual learning", 2016).
/// </summary>
internal sealed class Residual(Sequential body, Sequential shortcut) : IStage
{
    /// <summary>What changes x.</summary>
    public Sequential Body => body;

    /// <summary>What is added to that.</summary>
    public Sequential Shortcut => shortcut;

    /// <inheritdoc/>
    public IReadOnlyList<LayerParameter> Parameters { get; } = [.. body.Parameters, .. shortcut.Parameters];

    private int Split => body.Parameters.Count;

    /// <inheritdoc/>
    public Tensor Forward(Tensor input, ReadOnlySpan<Tensor> parameters) =>
        body.Forward(input, parameters[..Split]).Plus(shortcut.Forward(input, parameters[Split..]));

    /// <inheritdoc/>
    public Tensor Forward(Tensor input, ReadOnlySpan<Tensor> parameters, Stack<Tensor> trail) =>
        body.Forward(input, parameters[..Split], trail).Plus(shortcut.Forward(input, parameters[Split..], trail));

    /// <inheritdoc/>
    public Tensor Backward(Tensor upstream, ReadOnlySpan<Tensor> parameters, Stack<Tensor> trail)
    {
        // In the reverse of the order in which the passes forward left their inputs.
        var direct = shortcut.Backward(upstream, parameters[Split..], trail);
        return body.Backward(upstream, parameters[..Split], trail).Plus(direct);
    }

    /// <inheritdoc/>
    public IStage Given(RowClasses rows) => new Residual(body.GivenAll(rows), shortcut.GivenAll(rows));
}
