using Ebm.Core.Native;
using static TorchSharp.torch;

namespace Ebm.Core.Energies.Layers;

/// <summary>
/// Adds to each channel a bias of the row's class: <c>classes</c> is [classes, channels], at first zero. Where it is
/// not told the rows' classes (<see cref="Given"/>) it cannot compute.
/// </summary>
internal sealed class ClassBias(string name, int classes, int channels) : ILayer
{
    private RowClasses? _rows;

    /// <inheritdoc/>
    public IReadOnlyList<LayerParameter> Parameters { get; private init; } =
        [new($"{name}.classes", [classes, channels], FanIn: 0)];

    /// <inheritdoc/>
    public IStage Given(RowClasses rows) =>
        new ClassBias(name, classes, channels) { _rows = rows, Parameters = Parameters };

    /// <inheritdoc/>
    public Tensor Forward(Tensor input, ReadOnlySpan<Tensor> parameters)
    {
        var rows = _rows ?? throw new InvalidOperationException(
            "An energy of classes was asked about rows without classes.");
        var bias = rows.RowsOf(parameters[0]);
        return input.Plus(input.dim() == 2 ? bias : bias.unsqueeze(2).unsqueeze(3));
    }

    /// <inheritdoc/>
    public Tensor Backward(Tensor input, Tensor upstream, ReadOnlySpan<Tensor> parameters) => upstream;
}
