using System.Runtime.Intrinsics;
using Ebm.Core.Randomness;

namespace Ebm.Core.Tests.Randomness;

/// <summary>The stated error bounds, against double precision.</summary>
public sealed class VectorMathTests
{
    [Fact]
    public void Log_OfEveryArgumentThatTheKernelMakes_IsWithinItsBound()
    {
        var worst = 0.0;
        for (var k = 1; k < 1 << 24; k += 16)
        {
            var u = Vector256.ConvertToSingle(Vector256.Create(k)
                + Vector256<int>.Indices * 2) * Vector256.Create(1f / 16777216f);
            var log = VectorMath.Log(u);
            for (var i = 0; i < 8; i++)
            {
                var exact = Math.Log(u[i]);
                worst = Math.Max(worst, Math.Abs(log[i] - exact) / -exact);
            }

            Assert.True(Vector256.LessThanAll(log, Vector256<float>.Zero));
        }

        Assert.InRange(worst, 0, 3e-7);
    }

    [Fact]
    public void Exp_OverTheLogits_IsWithinItsBound()
    {
        for (var x = -87f; x < 87f; x += 0.00217f)
        {
            var exact = Math.Exp(x);
            Assert.InRange(
                Math.Abs(VectorMath.Exp(Vector256.Create(x))[0] - exact) / exact, 0, 3e-7 + 8e-8 * Math.Abs(x));
        }
    }

    [Fact]
    public void SinCos_OverAllAngles_AreTheCoordinatesOfOneTurn()
    {
        for (var bits = 0ul; bits < 1ul << 32; bits += 4099)
        {
            VectorMath.SinCos(Vector256.Create((uint)bits), out var sine, out var cosine);

            // The quadrant's bits come first, and each quadrant begins an eighth of a turn before its axis.
            var part = ((uint)bits << 2) >> 8;
            var angle = Math.PI / 2 * ((bits >> 30) + (part - 8388607.5) / 16777216);
            Assert.InRange(Math.Abs(sine[0] - Math.Sin(angle)), 0, 2e-7);
            Assert.InRange(Math.Abs(cosine[0] - Math.Cos(angle)), 0, 2e-7);
        }
    }
}
