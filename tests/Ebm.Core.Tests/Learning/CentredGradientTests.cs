using CsCheck;
using Ebm.Core.Datasets;
using Ebm.Core.Energies;
using Ebm.Core.Learning;
using Ebm.Core.Native;
using static TorchSharp.torch;

namespace Ebm.Core.Tests.Learning;

public sealed class CentredGradientTests
{
    private const int D = 3, H = 2;

    private static readonly ParameterLayout Layout =
        new(("weight", [D, H]), ("visible.bias", [D]), ("hidden.bias", [H]));

    private static readonly Gen<float[]> Gradients = Gen.Float[-2, 2].Array[D * H + D + H];

    static CentredGradientTests() => TorchLibrary.EnsureLoaded();

    private static CentringOffsets Offsets(float[] mu, float[] lambda) => new(tensor(mu), tensor(lambda));

    private static float[] Apply(float[] gradient, float[] mu, float[] lambda)
    {
        using var flat = tensor(gradient);
        using var offsets = Offsets(mu, lambda);
        new CentredGradient(Layout, 0.5).Apply(offsets, flat);
        return flat.data<float>().ToArray();
    }

    [Fact]
    public void Apply_ZeroOffsets_IsThePlainGradient() =>
        Gradients.Sample(g => Apply(g, new float[D], new float[H]).SequenceEqual(g));

    /// <summary>
    /// With v to 1 - v on visible unit sets the statistics and the parameters transform as below; the centred update
    /// must transform with them. The plain gradient does not: its hidden bias part would miss the sum over rows.
    /// </summary>
    [Fact]
    public void Apply_FlippedVisibleUnits_GivesTheFlippedUpdate() =>
        Gen.Select(Gradients, Gen.Float[0, 1].Array[D], Gen.Float[0, 1].Array[H]).Sample((g, mu, lambda) =>
        {
            var expected = FlipUpdate(Apply(g, mu, lambda));
            var actual = Apply(FlipStatistics(g), [.. mu.Select(m => 1 - m)], lambda);
            return expected.Zip(actual).All(p => MathF.Abs(p.First - p.Second) < 1e-4f);
        });

    /// <summary>The same for hidden units, h to 1 - h.</summary>
    [Fact]
    public void Apply_FlippedHiddenUnits_GivesTheFlippedUpdate() =>
        Gen.Select(Gradients, Gen.Float[0, 1].Array[D], Gen.Float[0, 1].Array[H]).Sample((g, mu, lambda) =>
        {
            var update = Apply(g, mu, lambda);
            var expected = Map(
                (i, j) => -update[i * H + j],
                i => update[D * H + i] + Enumerable.Range(0, H).Sum(j => update[i * H + j]),
                j => -update[D * H + D + j]);
            var flipped = Map((i, j) => g[D * H + i] - g[i * H + j], i => g[D * H + i], j => -g[D * H + D + j]);
            var actual = Apply(flipped, mu, [.. lambda.Select(l => 1 - l)]);
            return expected.Zip(actual).All(p => MathF.Abs(p.First - p.Second) < 1e-4f);
        });

    [Fact]
    public void Follow_DataGradient_MovesTheOffsetsTowardsTheMeans()
    {
        using var offsets = Offsets([0, 0, 1], [0.5f, 0.5f]);
        using var gradient = tensor([0, 0, 0, 0, 0, 0, -1f, -0.5f, -0.25f, -0.3f, -0.9f]);

        new CentredGradient(Layout, 0.1).Follow(offsets, gradient);

        Assert.All(
            offsets.Visible.data<float>().ToArray().Zip([0.1, 0.05, 0.925]),
            p => Assert.Equal(p.Second, p.First, 1e-6));
        Assert.All(
            offsets.Hidden.data<float>().ToArray().Zip([0.48, 0.54]), p => Assert.Equal(p.Second, p.First, 1e-6));
    }

    [Fact]
    public void Initialise_FromTheData_StartsAtTheirMeanAndOneHalf()
    {
        using var offsets = new CentredGradient(Layout, 0.1).Initialise(new DataSummary([0.1f, 0.2f, 0.3f]), CPU);

        Assert.Equal([0.1f, 0.2f, 0.3f], offsets.Visible.data<float>().ToArray());
        Assert.Equal([0.5f, 0.5f], offsets.Hidden.data<float>().ToArray());
    }

    /// <summary>Statistics of 1 - v: (1 - v) h = h - v h; the model's mean of 1 cancels the data's.</summary>
    private static float[] FlipStatistics(float[] g) =>
        Map((i, j) => g[D * H + D + j] - g[i * H + j], i => -g[D * H + i], j => g[D * H + D + j]);

    /// <summary>The model of 1 - v: W to -W, b to -b, c to c + W^T 1.</summary>
    private static float[] FlipUpdate(float[] u) =>
        Map(
            (i, j) => -u[i * H + j], i => -u[D * H + i],
            j => u[D * H + D + j] + Enumerable.Range(0, D).Sum(i => u[i * H + j]));

    private static float[] Map(Func<int, int, float> weight, Func<int, float> visible, Func<int, float> hidden) =>
    [
        .. from i in Enumerable.Range(0, D) from j in Enumerable.Range(0, H) select weight(i, j),
        .. Enumerable.Range(0, D).Select(visible),
        .. Enumerable.Range(0, H).Select(hidden),
    ];
}
