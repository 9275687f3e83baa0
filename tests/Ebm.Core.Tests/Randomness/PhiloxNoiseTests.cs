using System.Diagnostics;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using System.Security.Cryptography;
using Ebm.Core.Native;
using Ebm.Core.Randomness;
using static TorchSharp.torch;

namespace Ebm.Core.Tests.Randomness;

public sealed class PhiloxNoiseTests
{
    private static readonly PhiloxNoise Noise = new();
    private static readonly NoiseSite Site = new(new RandomKey(0x0123456789abcdef), FirstChain: 5, Step: 3, Draw: 1);

    static PhiloxNoiseTests() => TorchLibrary.EnsureLoaded();

    [Fact]
    public void FillUniform_AtEveryWidth_IsTheScalarReferenceBitForBit()
    {
        for (var width = 1; width <= 200; width++)
        {
            using var target = empty(3, width);
            Noise.FillUniform(target, Site);
            var values = target.data<float>().ToArray();

            for (var i = 0; i < values.Length; i++)
            {
                Assert.Equal((Philox.Word(Site, i / width, i % width) >> 8) / 16777216f, values[i]);
            }
        }
    }

    [Theory]
    [InlineData(1), InlineData(8), InlineData(63), InlineData(64), InlineData(100), InlineData(784)]
    public void Kernels_OnRowsInSeveralTensors_GiveTheSameAsInOne(int width)
    {
        using var scope = NewDisposeScope();
        var start = linspace(-4, 4, 10 * width).view(10, width);
        var bias = linspace(-1, 1, width);
        foreach (var kernel in Kernels(bias))
        {
            var whole = start.clone();
            kernel(whole, Site);
            var parts = new (int From, int Count)[] { (0, 1), (1, 5), (6, 4) }.Select(part =>
            {
                var rows = start.narrow(0, part.From, part.Count).clone();
                kernel(rows, Site with { FirstChain = Site.FirstChain + (uint)part.From });
                return rows;
            });

            Assert.True(whole.Equals(cat([.. parts])));
        }
    }

    [Theory]
    [InlineData(1), InlineData(8), InlineData(9), InlineData(63), InlineData(65), InlineData(130)]
    public void Kernels_OnANarrowTensor_GiveTheFirstColumnsOfAWideOne(int width)
    {
        using var scope = NewDisposeScope();
        var start = linspace(-4, 4, 3 * 192).view(3, 192);
        var bias = linspace(-1, 1, 192);
        foreach (var (wide, narrow) in Kernels(bias).Zip(Kernels(bias.narrow(0, 0, width).clone())))
        {
            var (all, first) = (start.clone(), start.narrow(1, 0, width).contiguous());
            wide(all, Site);
            narrow(first, Site);

            Assert.True(all.narrow(1, 0, width).Equals(first));
        }
    }

    [Fact]
    public void Kernels_AtASiteWithAnyPartChanged_GiveOtherValues()
    {
        NoiseSite[] sites =
        [
            Site, Site with { Key = new RandomKey(1) }, Site with { FirstChain = 6 }, Site with { Step = 4 },
            Site with { Draw = 0 },
        ];
        var digests = sites.Select(Digest).ToHashSet();

        Assert.Equal(sites.Length, digests.Count);
    }

    /// <summary>The numerics of every run on a CPU: a change of one bit here is a change of all results.</summary>
    [Fact]
    public void Kernels_OnAnyProcessor_GiveTheGoldenDigest()
    {
        // Where this runs as a child (below), the restriction has to be in force for the digest to say anything.
        Assert.False(Avx2.IsSupported && Environment.GetEnvironmentVariable("DOTNET_EnableAVX2") == "0");
        Assert.False(Vector128.IsHardwareAccelerated
            && Environment.GetEnvironmentVariable("DOTNET_EnableHWIntrinsic") == "0");

        Assert.Equal("a13a28a9082ab59eb733fdba261f6fcf23112d1fc84ddd44ed18f1d2ec04ddbb", Digest(Site));
    }

    [Theory]
    [InlineData("DOTNET_EnableAVX512"), InlineData("DOTNET_EnableAVX2"), InlineData("DOTNET_EnableHWIntrinsic")]
    public void Kernels_WithoutAnInstructionSet_GiveTheGoldenDigest(string variable)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "Ebm.Core.Tests"))
        {
            ArgumentList = { "-method", $"*{nameof(Kernels_OnAnyProcessor_GiveTheGoldenDigest)}", "-noColor" },
            Environment = { [variable] = "0" },
            RedirectStandardOutput = true,
        };
        using var child = Process.Start(start)!;
        var output = child.StandardOutput.ReadToEnd();
        child.WaitForExit();

        Assert.True(child.ExitCode == 0 && output.Contains("Total: 1,", StringComparison.Ordinal), output);
    }

    [Fact]
    public void BernoulliInPlace_OfEveryLogit_DrawsWithItsProbabilityToWithinTwoToTheMinus22()
    {
        // Exact, not statistical: the draw is compared with its own uniform variate, so only variates closer to the
        // probability than the arithmetic resolves may fall on the other side.
        using var logits = linspace(-20, 20, 64 * 1000).view(64, 1000).contiguous();
        using var bias = linspace(-3, 3, 1000);
        using var drawn = logits.clone();
        Noise.BernoulliInPlace(drawn, bias, Site);
        var (a, b, x) = (logits.data<float>().ToArray(), bias.data<float>().ToArray(), drawn.data<float>().ToArray());

        for (var i = 0; i < x.Length; i++)
        {
            var u = ((Philox.Word(Site, i / 1000, i % 1000) >> 8) | 1) / 16777216.0;
            var p = 1 / (1 + Math.Exp(-((double)a[i] + b[i % 1000])));
            if (Math.Abs(u - p) > Math.ScaleB(1, -22))
            {
                Assert.Equal(u < p ? 1f : 0f, x[i]);
            }

            Assert.True(x[i] is 0 or 1);
        }
    }

    [Theory]
    [InlineData(-1e30f, 0f), InlineData(-30f, 0f), InlineData(30f, 1f), InlineData(1e30f, 1f)]
    [InlineData(float.NegativeInfinity, 0f), InlineData(float.PositiveInfinity, 1f), InlineData(float.NaN, float.NaN)]
    public void BernoulliInPlace_OfAnExtremeLogit_IsCertainOrNotANumber(float logit, float expected)
    {
        using var logits = full([64, 256], logit);
        using var bias = zeros(256);
        Noise.BernoulliInPlace(logits, bias, Site);

        Assert.All(logits.data<float>().ToArray(), x => Assert.Equal(expected, x));
    }

    [Fact]
    public void AddNormal_ToAValueThatIsNotFinite_LeavesItNotFinite()
    {
        using var target = tensor(new[] { float.NaN, float.PositiveInfinity, 0 }).view(1, 3);
        Noise.AddNormal(target, 1, Site);

        Assert.Equal([false, false, true], target.isfinite().data<bool>().ToArray());
    }

    [Fact]
    public void Kernels_OnAnUnsuitableTensor_ReportTheError()
    {
        using var scope = NewDisposeScope();
        Assert.Contains("float32", Refused(() => Noise.FillUniform(zeros(2, 3, dtype: ScalarType.Float64), Site)));
        Assert.Contains("contiguous", Refused(() => Noise.FillUniform(zeros(3, 2).t(), Site)));
        Assert.Contains("scalar", Refused(() => Noise.FillUniform(tensor(1f), Site)));
        Assert.Contains("3 columns", Refused(() => Noise.BernoulliInPlace(zeros(2, 3), zeros(4), Site)));

        static string Refused(Action call) => Assert.Throws<ArgumentException>(call).Message;
    }

    [Fact]
    public void Kernels_OnNoRows_DoNothing()
    {
        using var scope = NewDisposeScope();
        foreach (var kernel in Kernels(zeros(4)))
        {
            kernel(zeros(0, 4), Site);
        }
    }

    private static Action<Tensor, NoiseSite>[] Kernels(Tensor bias) =>
    [
        Noise.FillUniform, (target, site) => Noise.AddNormal(target, 0.5f, site),
        (logits, site) => Noise.BernoulliInPlace(logits, bias, site),
    ];

    private static string Digest(NoiseSite site)
    {
        using var scope = NewDisposeScope();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var kernel in Kernels(arange(300, dtype: ScalarType.Float32) / 128))
        {
            // Multiples of a power of two, so that torch's own arithmetic leaves no room for differences.
            var target = (arange(70 * 300, dtype: ScalarType.Float32) - 10500).view(70, 300) / 512;
            kernel(target, site);
            hash.AppendData(target.bytes);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
