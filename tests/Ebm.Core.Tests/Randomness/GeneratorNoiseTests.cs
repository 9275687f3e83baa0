using Ebm.Core.Native;
using Ebm.Core.Randomness;
using TorchSharp;
using static TorchSharp.torch;

namespace Ebm.Core.Tests.Randomness;

public sealed class GeneratorNoiseTests
{
    private static readonly GeneratorNoise Noise = new();
    private static readonly NoiseSite Site = new(new RandomKey(77), FirstChain: 128, Step: 2, Draw: 1);

    static GeneratorNoiseTests() => TorchLibrary.EnsureLoaded();

    [Fact]
    public void FillUniform_AtTheSameSiteAfterOtherCalls_GivesTheSameBits()
    {
        using var scope = NewDisposeScope();
        var (first, again) = (zeros(64, 10), zeros(64, 10));
        Noise.FillUniform(first, Site);
        Noise.AddNormal(zeros(3, 3), 1, Site with { Step = 9 });
        _ = rand(5);
        Noise.FillUniform(again, Site);

        Assert.True(first.Equals(again));
    }

    [Fact]
    public void FillUniform_AtASiteWithAnyPartChanged_GivesOtherValues()
    {
        NoiseSite[] sites =
        [
            Site, Site with { Key = new RandomKey(78) }, Site with { FirstChain = 64 }, Site with { Step = 1 },
            Site with { Draw = 2 },
        ];
        var firsts = sites.Select(site =>
        {
            using var values = zeros(4, 4);
            Noise.FillUniform(values, site);
            return values.data<float>().ToArray()[0];
        }).ToHashSet();

        Assert.Equal(sites.Length, firsts.Count);
    }

    [Fact]
    public void BernoulliInPlace_OfNotANumber_IsNotANumber()
    {
        using var logits = tensor(new[] { float.NaN, 100, -200 }).view(1, 3);
        using var bias = zeros(3);
        Noise.BernoulliInPlace(logits, bias, Site);

        Assert.Equal([float.NaN, 1, 0], logits.data<float>().ToArray());
    }

    [Fact]
    public void On_TheCpu_IsPhiloxAndElsewhereAGenerator()
    {
        Assert.IsType<PhiloxNoise>(Core.Randomness.NoiseFactory.On(CPU));
        Assert.IsType<GeneratorNoise>(Core.Randomness.NoiseFactory.On(new Device(DeviceType.CUDA, 0)));
    }
}
