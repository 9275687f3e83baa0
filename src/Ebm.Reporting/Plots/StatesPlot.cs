using System.Runtime.InteropServices;
using Ebm.Core.Datasets;
using Ebm.Core.Energies;
using Ebm.Core.Energies.Boltzmann;
using Ebm.Core.Native;
using Ebm.Core.Randomness;
using Ebm.Core.States;
using static TorchSharp.torch;

namespace Ebm.Reporting.Plots;

/// <summary>
/// States of a model as a person wants to see them: images as a grid, points of the plane (also those in Gray code)
/// over the density, else histograms.
/// </summary>
internal static class StatesPlot
{
    private const int MapCells = 200, MostDataRows = 1000;

    /// <summary>
    /// A PNG of <paramref name="states"/> [rows, features]. For a binary RBM each unit is shown by its probability
    /// given the hidden units' means, the probabilities of the chain's next draw.
    /// </summary>
    /// <param name="energy">The energy.</param>
    /// <param name="parameters">Its parameters, on the states' device.</param>
    /// <param name="states">The states.</param>
    /// <param name="classes">The class of each, where the energy has classes.</param>
    /// <param name="data">The data that they are compared with.</param>
    /// <param name="range">The range that real units are kept in, where there is one.</param>
    /// <param name="seed">The run's seed, for data that is binarised by sampling.</param>
    /// <param name="columns">Images in a row of the grid; 0 makes it nearly square.</param>
    public static byte[] Png(
        IEnergy energy, Parameters parameters, Tensor states, ReadOnlySpan<int> classes, Dataset data,
        (float Low, float High)? range, ulong seed, int columns = 0)
    {
        using var scope = NewDisposeScope();
        if (energy.Space.Image is { } image && image.Channels is 1 or 3)
        {
            var shownStates = Shown(energy.Given(classes, parameters.Flat.device), parameters, states);
            return SampleGrid.Png(
                Host(shownStates), image, ShownRange(energy, states, range), new GridOptions(columns));
        }

        var rows = Math.Min(data.Train.Count, MostDataRows);
        var shown = PositiveBatch.EvaluationRows(data, DataPart.Train, 0, rows, seed, NoiseFactory.On(CPU), CPU);
        if (data.Plane is { } plane)
        {
            var points = plane.Decode(shown);
            return FeaturePlot.Png(
                Map(energy, parameters, points, plane.Encode), Host(plane.Decode(states)), Host(points));
        }

        return energy.Space.Features == 2
            ? FeaturePlot.Png(
                Map(energy, parameters, shown, points => tensor(points.ToArray()).view(-1, 2)), Host(states),
                Host(shown))
            : FeaturePlot.Png(energy.Space.Features, Host(states), Host(shown));
    }

    /// <summary>States [rows, features] of points [rows, 2].</summary>
    private delegate Tensor StatesOfPoints(ReadOnlySpan<float> points);

    private static Tensor Shown(IEnergy energy, Parameters parameters, Tensor states) => energy is RbmEnergy rbm
        ? rbm.VisibleLogits(parameters, rbm.HiddenProbabilities(parameters, states)).sigmoid()
        : states;

    internal static (float, float) ShownRange(IEnergy energy, Tensor states, (float Low, float High)? range)
    {
        if (energy.Space.Units == UnitKind.Binary)
        {
            return (0, 1);
        }

        if (range is { } known)
        {
            return known;
        }

        var (low, high) = (states.min().item<float>(), states.max().item<float>());
        return low < high ? (low, high) : (low, low + 1);
    }

    /// <summary>Energies over the rectangle that holds the data, with a margin of a tenth of its sides.</summary>
    private static EnergyMap Map(IEnergy energy, Parameters parameters, Tensor data, StatesOfPoints encode)
    {
        var (low, high) = (data.min(0).values, data.max(0).values);
        using Scalar tenth = 0.1f;
        var margin = (high - low).mul(tenth);
        var corner = Host(cat([low - margin, high.Plus(margin)])).ToArray();
        var (x, y) = ((corner[0], corner[2]), (corner[1], corner[3]));
        var grid = meshgrid([Middles(y), Middles(x)]);
        var points = encode(Host(stack([grid[1].flatten(), grid[0].flatten()], 1))).to(parameters.Flat.device);
        var energies = new float[MapCells, MapCells];
        Host(Energies(energy, parameters, points))
            .CopyTo(MemoryMarshal.CreateSpan(ref energies[0, 0], energies.Length));
        return new EnergyMap(energies, x, y);
    }

    /// <summary>The energy of each point, of classes that of the lowest.</summary>
    private static Tensor Energies(IEnergy energy, Parameters parameters, Tensor points) => energy.Classes == 0
        ? energy.Energy(parameters, points)
        : ClassEnergies.Of(energy, parameters, points).min(1).values;

    private static Tensor Middles((float Low, float High) side)
    {
        using Scalar half = 0.5f, cell = (side.High - side.Low) / MapCells, low = side.Low;
        return Sums.Count(0, MapCells, ScalarType.Float32).Increase(half).mul_(cell).Increase(low);
    }

    private static ReadOnlySpan<float> Host(Tensor values)
    {
        var host = values.to(CPU).contiguous();
        return MemoryMarshal.Cast<byte, float>(host.bytes).ToArray();
    }
}
