using Ebm.Core.Energies;
using Ebm.Core.Randomness;
using Ebm.Core.Registry;
using Ebm.Core.Spec;
using Ebm.Core.States;
using Ebm.Data.Generated;
using Ebm.Data.Loading;
using Ebm.Reporting.Plots;
using SkiaSharp;
using static TorchSharp.torch;

namespace Ebm.Library.Tests.Data.Generated;

public sealed class GrayDataTests : DataTest
{
    private static readonly RandomKey Key = RandomKey.Derive(3, Purpose.Toy, 0, 0);

    /// <summary>What float2bin of GFNOrg/EB_GFN gives (synthetic/synthetic_utils.py).</summary>
    [Theory]
    [InlineData(0.0, 5978.486250346338, "0000000000000000")]
    [InlineData(1.2345, 5978.486250346338, "0001001010111110")]
    [InlineData(-2.5, 5289.617763398337, "1010101001111100")]
    [InlineData(-1e-9, 5668.637388520039, "1000000000000000")]
    [InlineData(3.9, 5510.876572289373, "0111101000001110")]
    public void Encode_ACoordinate_GivesTheReferencesBits(double value, double scale, string expected)
    {
        var bits = new byte[16];

        new GrayCode(32, scale).Encode(value, bits);

        Assert.Equal(expected, string.Concat(bits));
    }

    [Fact]
    public void Encode_NeighbouringCells_DifferInOneBitAndDecodeToTheirMiddles()
    {
        var code = new GrayCode(14, 10);
        var (last, bits) = (new byte[7], new byte[7]);
        for (var cell = 0; cell < 64; cell++)
        {
            code.Encode((cell + 0.5) / 10, bits);
            Assert.Equal((cell + 0.5) / 10, code.Decode([.. bits.Select(b => (float)b)]), 1e-12);
            Assert.Equal(cell == 0 ? 0 : 1, bits.Zip(last).Count(pair => pair.First != pair.Second));
            bits.CopyTo(last, 0);
        }

        // Beyond the last cell.
        code.Encode(1e9, bits);
        Assert.Equal(last, bits);
    }

    [Fact]
    public void Encode_ManyPoints_DecodesToThemWithinACell()
    {
        using var scope = NewDisposeScope();
        var code = new GrayCode(32, 5000);
        float[] points = [0.3f, -1.7f, 2.25f, 0.001f, -3.1f, -0.4f];

        var states = code.Encode(points);

        Assert.Equal([3, 32], states.shape);
        Assert.All(code.Decode(states).data<float>().Zip(points), pair => Assert.Equal(pair.Second, pair.First, 1e-4));
    }

    /// <summary>
    /// Quadratures of the same densities, written in NumPy in other ways (a coarser grid, scipy-free error functions).
    /// </summary>
    [Theory]
    [InlineData(GrayDensity.TwoSpirals, 20.0373)]
    [InlineData(GrayDensity.EightGaussians, 19.9789)]
    [InlineData(GrayDensity.Circles, 20.5535)]
    [InlineData(GrayDensity.Pinwheel, 19.5467)]
    public void Entropy_OfEachDensity_IsTheIndependentQuadratures(GrayDensity density, double expected) =>
        Assert.Equal(expected, GrayData.Entropy(new GrayDataSpec { Density = density }), 2e-4);

    /// <summary>
    /// Mean of x^2 + y^2 against the density's own: of eight Gaussians R^2 + 2 s^2, and so on. 20,000 rows, 6 standard
    /// errors (deviations of x^2 + y^2 up to 3.5): false alarm 1e-8 for all; a density 3 % too large is noticed.
    /// </summary>
    [Theory]
    [InlineData(GrayDensity.TwoSpirals, 5.1254)]
    [InlineData(GrayDensity.EightGaussians, 8.2526)]
    [InlineData(GrayDensity.Circles, 5.7402)]
    [InlineData(GrayDensity.Pinwheel, 4.4)]
    public void Generate_AnyDensity_HasItsSizeAndAllItsParts(GrayDensity density, double square)
    {
        using var scope = NewDisposeScope();
        var spec = new GrayDataSpec { Density = density, Count = 20_000 };
        using var rows = GrayData.Generate(spec, Key);

        var points = GrayData.CodeOf(spec).Decode(rows.Stored.to(ScalarType.Float32));

        var squares = points.square().sum(1).to(ScalarType.Float64);
        Assert.Equal(square, squares.mean().item<double>(), 6 * squares.std().item<double>() / Math.Sqrt(20_000));
        Assert.Equal(0, points[.., 0].mean().item<float>(), 0.12);
        var parts = density switch { GrayDensity.EightGaussians => 8, GrayDensity.Pinwheel => 5, _ => 2 };
        Assert.Equal(parts, rows.Labels!.Distinct().Count());
    }

    [Fact]
    public void Generate_RowI_DependsOnTheKeyAndIAlone()
    {
        using var few = GrayData.Generate(new GrayDataSpec { Density = GrayDensity.Pinwheel, Count = 10 }, Key);
        using var many = GrayData.Generate(new GrayDataSpec { Density = GrayDensity.Pinwheel, Count = 99 }, Key);

        Assert.Equal(Values(few), Values(many)[..320]);
    }

    /// <summary>
    /// Plots of bits show the plane: an energy that likes a negative first coordinate (unit 0) puts the density's
    /// blue into the left half alone, where a histogram of bits would differ.
    /// </summary>
    [Fact]
    public void Png_OfEncodedStates_ShowsTheDensityOverThePlane()
    {
        using var scope = NewDisposeScope();
        var data = DatasetLoader.Load(
            new GrayDataSpec { Density = GrayDensity.Circles, Count = 2000, Bits = 16 }, seed: 1);
        var energy = EnergyFactory.Create(
            new MlpSpec { Hidden = [1], Activation = Activation.Relu, Units = NetworkUnits.Binary }, 16);
        var flat = zeros(energy.Layout.Length);
        flat[0] = 1;
        flat[energy.Layout.Entries[2].Offset] = -9;
        using var parameters = new Parameters(energy.Layout, flat);
        var states = data.Train.Gather([0, 1, 2], CPU);

        using var picture = SKBitmap.Decode(StatesPlot.Png(energy, parameters, states, [], data, null, 1));

        // Inside of the inner circle there is no point over the map.
        Assert.True(Blue(-0.4) > 5 * Blue(0.4) + 50, $"{Blue(-0.4)} and {Blue(0.4)}");

        double Blue(double x)
        {
            // The plot's area is square, 80 from the left and 25 from the top; it reaches over all data and a margin.
            var side = picture.Width - 80 - 130;
            var column = 80 + (int)((x + 4.5) / 9 * side);
            return Enumerable.Range(25 + (int)(0.45 * side), (int)(0.1 * side))
                .Average(row => 255 - picture.GetPixel(column, row).Red);
        }
    }

    [Fact]
    public void Load_BothParts_AreBitsThatKnowTheirCode()
    {
        using var scope = NewDisposeScope();

        var data = DatasetLoader.Load(
            new GrayDataSpec { Density = GrayDensity.Circles, Count = 50, Test = 10 }, seed: 1);

        Assert.Equal((40, 10, 32), (data.Train.Count, data.Test.Count, data.Train.Features));
        Assert.All(Values(data.Train), v => Assert.True(v is 0 or 1));
        Assert.Equal(1, data.Train.Scale);
        Assert.Equal(32, data.Plane!.Bits);
        SpecDataCheck.Check(new MlpSpec { Hidden = [4], Units = NetworkUnits.Binary }, data);
    }
}
