using Ebm.Core.Datasets;
using Ebm.Core.Energies;
using Ebm.Core.Native;
using static TorchSharp.torch;

namespace Ebm.Core.Learning;

/// <summary>
/// The centred gradient of a binary RBM (Melchior, Fischer, Wiskott 2016, Algorithm 1, variant dd): the gradient with
/// respect to the parameters of the energy in v - mu and h - lambda, expressed in the ordinary parameters. It makes
/// learning invariant under flips of data or units (v to 1 - v).
/// </summary>
/// <remarks>
/// With b' = b + W lambda and c' = c + W^T mu the chain rule gives, for the gradient G of any objective, <c>G'_W = G_W
/// - mu G_c^T - G_b lambda^T</c>, <c>G'_b = G_b - G'_W lambda</c>, <c>G'_c = G_c - G'_W^T mu</c>. This is linear in G,
/// so it holds for the ascent statistics of the paper and for the energy gradients here. As in the algorithm, the
/// offsets are updated from the batch first, and the gradient uses the new ones. The paper shifts the biases when
/// offsets change, which leaves the model unchanged; the ordinary parameters need no shift.
/// </remarks>
internal sealed class CentredGradient
{
    private const string Weight = "weight", VisibleBias = "visible.bias", HiddenBias = "hidden.bias";

    private readonly ParameterEntry _weight, _visible, _hidden;
    private readonly double _rate;

    /// <summary>
    /// Creates the transformation for a layout with weight [D, H], visible.bias [D] and hidden.bias [H].
    /// </summary>
    /// <param name="layout">The energy's layout.</param>
    /// <param name="rate">Update rate of the offsets towards the batch means, in [0, 1].</param>
    public CentredGradient(ParameterLayout layout, double rate)
    {
        _rate = rate;
        _weight = layout.Entries[layout.IndexOf(Weight)];
        _visible = layout.Entries[layout.IndexOf(VisibleBias)];
        _hidden = layout.Entries[layout.IndexOf(HiddenBias)];
        if (!_weight.Shape.SequenceEqual([_visible.Length, _hidden.Length]))
        {
            throw new ArgumentException(
                $"Expected '{Weight}' of shape [{_visible.Length}, {_hidden.Length}].", nameof(layout));
        }
    }

    /// <summary>Initial offsets on a device: mu at the mean of the data, lambda at 1/2.</summary>
    public CentringOffsets Initialise(DataSummary data, Device device)
    {
        using var scope = NewDisposeScope();
        return new CentringOffsets(
            tensor(data.Mean).to(device), Sums.Filled([_hidden.Length], 0.5, ScalarType.Float32, device));
    }

    /// <summary>
    /// Updates the offsets in place towards the means of the data batch: the negated bias gradients of the positive
    /// phase, dE/db = -v and dE/dc = -E[h | v], with weight 1/n each.
    /// </summary>
    public void Follow(CentringOffsets offsets, Tensor dataGradient)
    {
        using var scope = NewDisposeScope();
        offsets.Visible.lerp_(View(dataGradient, _visible).neg(), _rate);
        offsets.Hidden.lerp_(View(dataGradient, _hidden).neg(), _rate);
    }

    /// <summary>
    /// Transforms the ordinary <paramref name="gradient"/> [layout.Length] to the centred one, in place.
    /// </summary>
    public void Apply(CentringOffsets offsets, Tensor gradient)
    {
        using var scope = NewDisposeScope();
        var (mu, lambda) = (offsets.Visible, offsets.Hidden);
        var (weight, visible, hidden) = (View(gradient, _weight), View(gradient, _visible), View(gradient, _hidden));
        weight.sub_(outer(mu, hidden)).sub_(outer(visible, lambda));
        visible.sub_(weight.mv(lambda));
        hidden.sub_(weight.t().mv(mu));
    }

    private static Tensor View(Tensor flat, ParameterEntry entry) =>
        flat.narrow(0, entry.Offset, entry.Length).view(entry.Shape);
}

/// <summary>Offsets of the centred gradient. Owns its tensors, outside any dispose scope.</summary>
internal sealed class CentringOffsets : IDisposable
{
    /// <summary>Takes ownership of both tensors.</summary>
    public CentringOffsets(Tensor visible, Tensor hidden) =>
        (Visible, Hidden) = (visible.DetachFromDisposeScope(), hidden.DetachFromDisposeScope());

    /// <summary>mu, [visible units].</summary>
    public Tensor Visible { get; }

    /// <summary>lambda, [hidden units].</summary>
    public Tensor Hidden { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        Visible.Dispose();
        Hidden.Dispose();
    }
}
