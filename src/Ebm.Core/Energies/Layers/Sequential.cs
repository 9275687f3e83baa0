using static TorchSharp.torch;

namespace Ebm.Core.Energies.Layers;

/// <summary>Stages one after the other, as one.</summary>
internal sealed class Sequential(IReadOnlyList<IStage> stages) : IStage
{
    /// <summary>Its stages, the first to compute first.</summary>
    public IReadOnlyList<IStage> Stages => stages;

    /// <inheritdoc/>
    public IReadOnlyList<LayerParameter> Parameters { get; } = [.. stages.SelectMany(l => l.Parameters)];

    /// <inheritdoc/>
    public Tensor Forward(Tensor input, ReadOnlySpan<Tensor> parameters)
    {
        var (x, first) = (input, 0);
        foreach (var stage in stages)
        {
            x = stage.Forward(x, parameters.Slice(first, stage.Parameters.Count));
            first += stage.Parameters.Count;
        }

        return x;
    }

    /// <inheritdoc/>
    public Tensor Forward(Tensor input, ReadOnlySpan<Tensor> parameters, Stack<Tensor> trail)
    {
        var (x, first) = (input, 0);
        foreach (var stage in stages)
        {
            x = stage.Forward(x, parameters.Slice(first, stage.Parameters.Count), trail);
            first += stage.Parameters.Count;
        }

        return x;
    }

    /// <inheritdoc/>
    public Tensor Backward(Tensor upstream, ReadOnlySpan<Tensor> parameters, Stack<Tensor> trail)
    {
        var end = parameters.Length;
        for (var i = stages.Count - 1; i >= 0; i--)
        {
            var first = end - stages[i].Parameters.Count;
            upstream = stages[i].Backward(upstream, parameters[first..end], trail);
            end = first;
        }

        return upstream;
    }

    /// <inheritdoc/>
    public IStage Given(RowClasses rows) => GivenAll(rows);

    /// <summary><see cref="Given"/>, by its type.</summary>
    internal Sequential GivenAll(RowClasses rows) => new([.. stages.Select(s => s.Given(rows))]);
}
