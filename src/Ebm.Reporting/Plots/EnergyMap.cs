namespace Ebm.Reporting.Plots;

/// <summary>Energies at the middles of a grid's cells, over a rectangle of the plane.</summary>
/// <param name="Energies">[height, width]; row 0 has the lowest y, column 0 the lowest x.</param>
/// <param name="X">The rectangle's left and right edge.</param>
/// <param name="Y">The rectangle's lower and upper edge.</param>
internal sealed record EnergyMap(float[,] Energies, (float Low, float High) X, (float Low, float High) Y)
{
    /// <summary>
    /// exp(-E), normalised so that its sum times the area of a cell is 1: the model's density as far as the rectangle
    /// holds its mass. NaN where the energy is NaN or minus infinity.
    /// </summary>
    internal double[,] Density()
    {
        var lowest = double.PositiveInfinity;
        foreach (var energy in Energies)
            if (float.IsFinite(energy))
                lowest = Math.Min(lowest, energy);

        var (height, width) = (Energies.GetLength(0), Energies.GetLength(1));
        var density = new double[height, width];
        var sum = 0.0;
        for (var row = 0; row < height; row++)
        {
            for (var column = 0; column < width; column++)
            {
                var energy = Energies[row, column];
                var value = float.IsNegativeInfinity(energy) ? double.NaN : Math.Exp(lowest - energy);
                density[row, column] = value;
                sum += double.IsNaN(value) ? 0 : value;
            }
        }

        var cell = (double)(X.High - X.Low) / width * (Y.High - Y.Low) / height;
        for (var row = 0; row < height; row++)
            for (var column = 0; column < width; column++)
                density[row, column] /= sum * cell;
        return density;
    }
}
