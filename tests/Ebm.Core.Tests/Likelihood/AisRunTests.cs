using Ebm.Core.Evaluation;
using Ebm.Core.Likelihood;
using Ebm.Core.Randomness;
using Ebm.Core.Replay;
using Ebm.Core.Spec;
using static TorchSharp.torch;

namespace Ebm.Core.Tests.Likelihood;

public sealed class AisRunTests
{
    private static readonly RandomKey Key = new(3);

    /// <summary>
    /// The tolerances of PyDeep's tests of its own AIS on an RBM with exact log Z, in both directions.
    /// </summary>
    [Theory]
    [InlineData(100, 0.5)]
    [InlineData(1000, 0.05)]
    [InlineData(10000, 0.005)]
    public void Advance_WithMoreTemperatures_ComesCloserToTheExactLogZ(int temperatures, double tolerance)
    {
        using var scope = NewDisposeScope();
        var (energy, parameters) = AnnealingCases.Rbm(9, 6, 0.7f, 5);
        using var owned = parameters;
        var start = energy.Uncoupled(AnnealingCases.Data(9));
        var exact = ExactLikelihood.LogZ(energy, parameters);
        var schedule = AnnealingSchedule.Even(temperatures);
        var codec = new BitsCodec(9);
        var states = new byte[256 * codec.BytesPerState];
        codec.Encode(AnnealingCases.Exact(energy, parameters, 256, 8), states);
        RbmPath Path() => new(energy, parameters, start);

        var forward = AnnealingCases.Finish(AisRun.Forward(Path, energy.Space, schedule, Key, 0, 256));
        var back = AnnealingCases.Finish(AisRun.Back(Path, energy.Space, schedule.Back(), Key, 0, 256, states));

        var logZ = Path().BaseLogZ;
        Assert.Equal(exact, logZ + LogMeanWeight.Of(forward.LogWeights, Key).Value, tolerance);
        Assert.Equal(exact, logZ - LogMeanWeight.Of(back.LogWeights, Key).Value, tolerance);
    }

    /// <summary>
    /// 400 estimates of few chains and few temperatures, so that the bias is large: their means are on their sides of
    /// the truth by more than 6 standard errors (false alarm 1e-9 if there were no bias; the bias is above 10 standard
    /// errors).
    /// </summary>
    [Fact]
    public void Advance_InEitherDirection_ErrsToItsSideInTheMean()
    {
        using var scope = NewDisposeScope();
        var (energy, parameters) = AnnealingCases.Rbm(9, 6, 1.2f, 5);
        using var owned = parameters;
        var start = energy.Uncoupled(AnnealingCases.Data(9));
        var exact = ExactLikelihood.LogZ(energy, parameters);
        var (schedule, codec) = (AnnealingSchedule.Even(6), new BitsCodec(9));
        var states = new byte[1600 * codec.BytesPerState];
        codec.Encode(AnnealingCases.Exact(energy, parameters, 1600, 8), states);
        RbmPath Path() => new(energy, parameters, start);

        var forward = AnnealingCases.Finish(AisRun.Forward(Path, energy.Space, schedule, Key, 0, 1600)).LogWeights;
        var back = AnnealingCases.Finish(
            AisRun.Back(Path, energy.Space, schedule.Back(), Key, 0, 1600, states)).LogWeights;

        var logZ = Path().BaseLogZ;
        Assert.True(Excess(forward, w => logZ + w - exact) < -6);
        Assert.True(Excess(back, w => logZ - w - exact) > 6);

        static double Excess(double[] logWeights, Func<double, double> error)
        {
            double[] errors = [.. logWeights.Chunk(4).Select(c => error(LogMeanWeight.Of(c, Key).Value))];
            var mean = errors.Average();
            return mean / Math.Sqrt(errors.Sum(e => (e - mean) * (e - mean)) / (errors.Length - 1) / errors.Length);
        }
    }

    [Fact]
    public void Advance_WhereTheModelIsTheBase_GivesEveryChainTheSameWeight()
    {
        using var scope = NewDisposeScope();
        var data = AnnealingCases.Data(9);
        var (energy, parameters) = AnnealingCases.Rbm(9, 6, 0, 5);
        using var owned = parameters;
        var start = energy.Uncoupled(data);
        parameters.Flat.copy_(tensor(start.Flat));

        var walk = AnnealingCases.Finish(
            AisRun.Forward(
                () => new RbmPath(energy, parameters, start), energy.Space, AnnealingSchedule.Staged(200), Key, 0, 64));

        var mean = LogMeanWeight.Of(walk.LogWeights, Key);
        Assert.Equal(64, mean.EffectiveSamples, 1e-9);
        Assert.Equal(0, mean.Value, 1e-6);
        Assert.Equal(0, mean.Error, 1e-6);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    public void Advance_InPiecesAndBlocks_GivesTheBitsOfOnePiece(int piece)
    {
        using var scope = NewDisposeScope();
        var (energy, parameters) = AnnealingCases.Rbm(70, 20, 0.3f, 5);
        using var owned = parameters;
        var likelihood = new AnnealedLikelihood(new GibbsSpec(), energy, AnnealingCases.Data(70));
        var request = new AnnealingRequest(
            new AisSpec { Chains = 96, Temperatures = 50, Sweeps = 40, Copies = 8 }, 1, 0, 2);
        var slots = AnnealingCases.Data(70).Train.Stored;
        var codec = new BitsCodec(70);
        var encoded = new byte[500 * codec.BytesPerState];
        codec.Encode(slots, encoded);

        var whole = All(int.MaxValue);
        var cut = All(piece);

        Assert.Equal(whole.Forward, cut.Forward);
        Assert.Equal(whole.Back, cut.Back);
        Assert.Equal(whole.Traces, cut.Traces);

        (double[] Forward, double[] Back, double[] Traces) All(int steps)
        {
            var pilot = AnnealingCases.Finish(likelihood.Pilot(parameters, request), steps).Report;
            var forward = AnnealingCases.Finish(likelihood.Forward(parameters, request, pilot, 1), steps);
            var back = AnnealingCases.Finish(likelihood.Back(parameters, request, pilot, 1, encoded, codec), steps);
            return (forward.LogWeights, back.LogWeights, [.. back.Traces.SelectMany(trace => trace)]);
        }
    }

    [Theory]
    [InlineData(3, 0.2f, 0.21f)]
    [InlineData(500, 0f, 1f)]
    [InlineData(515, 0.9f, 0.9001f)]
    public void AddRows_OfAnyWidth_IsTheRiseInDouble(int columns, float from, float to)
    {
        using var scope = NewDisposeScope();
        var x = zeros(5, columns);
        NoiseFactory.On(CPU).AddNormal(x, 20, new NoiseSite(Key, 0));
        var sums = zeros(5, ScalarType.Float64);
        var exact = x.to_type(ScalarType.Float64);
        var expected = (nn.functional.softplus(exact * (double)to, 1, 700)
            - nn.functional.softplus(exact * (double)from, 1, 700)).sum(1);

        SoftplusDifference.AddRows(x, from, to, sums);

        Assert.True((sums - expected).abs().max().item<double>() < 2e-5 + (1e-6 * expected.abs().max().item<double>()));
    }
}
