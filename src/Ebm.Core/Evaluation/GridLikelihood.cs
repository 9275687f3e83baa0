using Ebm.Core.Energies;
using static TorchSharp.torch;

namespace Ebm.Core.Evaluation;

/// <summary>
/// Log-likelihood of a density over a square of the plane, normalised on a grid: log Z by the midpoint rule. The error
/// falls with the square of the cells' width, and is far below 0.01 nat where the density is smooth over a cell.
/// </summary>
internal static class GridLikelihood
{
    /// <summary>
    /// Mean of log p(x) over <paramref name="rows"/> [rows, 2], in nats, with p = 0 outside of the square.
    /// </summary>
    /// <param name="energy">An energy of two features.</param>
    /// <param name="parameters">Its parameters.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="low">Lower edge of the square, in both features.</param>
    /// <param name="high">Upper edge.</param>
    /// <param name="cells">Cells along each side.</param>
    /// <exception cref="EbmException">log Z is not finite.</exception>
    public static double Mean(
        IEnergy energy, Parameters parameters, Tensor rows, double low, double high, int cells = 400)
    {
        using var graphless = no_grad();
        using var scope = NewDisposeScope();
        var width = (high - low) / cells;
        var axis = tensor(
            [.. Enumerable.Range(0, cells).Select(i => (float)(low + ((i + 0.5) * width)))], ScalarType.Float32,
            rows.device);
        var grid = stack([axis.repeat_interleave(cells), axis.repeat(cells)], 1);
        var logZ = energy.Energy(parameters, grid).to_type(ScalarType.Float64).neg().logsumexp(0).item<double>()
            + (2 * Math.Log(width));
        var mean = energy.Energy(parameters, rows).to_type(ScalarType.Float64).mean().item<double>();
        return double.IsFinite(logZ)
            ? -mean - logZ
            : throw new EbmException($"log Z is {logZ}: the energies are not those of a density.");
    }
}
