using Ebm.Core.Diagnostics;
using Ebm.Core.Randomness;
using Ebm.Core.Recovery;
using Ebm.Core.Spec;

namespace Ebm.Core.Tests.Recovery;

public sealed class DivergenceDetectorTests
{
    private const int Features = 4;

    private static readonly RecoverySpec Spec = new();

    private static RoundMetrics Usual(long round) => new()
    {
        Round = round,
        Attempt = 0,
        EnergyData = -3,
        EnergyNegatives = -2.5,
        MedianGap = -0.5,
        EnergySpreadData = 2,
        EnergySpreadNegatives = 2,
        GradientNorm = 1 + 0.1 * (round % 3),
        ParameterNorm = 10 + 0.001 * round,
        Rate = 0.1,
        Acceptance = 0.6,
        StateGradientNorm = 3 + 0.1 * (round % 2),
    };

    /// <summary>The first violation of a run whose rounds a function makes, or null.</summary>
    private static LimitViolation? First(int rounds, Func<long, RoundMetrics> figures, double? drift = 0.05)
    {
        var watch = new DivergenceDetector(Spec, Features);
        var state = DetectorState.Empty;
        for (var round = 1L; round <= rounds; round++)
        {
            (state, var breach) = watch.Observe(state, figures(round), drift);
            if (breach is not null)
            {
                return breach;
            }
        }

        return null;
    }

    public static TheoryData<ViolationKind, Func<RoundMetrics, RoundMetrics>> Faults => new()
    {
        { ViolationKind.Lead, f => f with { MedianGap = 4 } },
        { ViolationKind.Gap, f => f with { MedianGap = -13 } },
        { ViolationKind.Growth, f => f with { GradientNorm = 8 * f.GradientNorm } },
        { ViolationKind.EnergyGrowth, f => f with { EnergySpreadData = 14, EnergySpreadNegatives = 14 } },
        { ViolationKind.Growth, f => f with { ParameterNorm = 7 * f.ParameterNorm } },
        { ViolationKind.Drift, f => f with { StateGradientNorm = 21 } },
        { ViolationKind.Acceptance, f => f with { Acceptance = 0.01 } },
    };

    /// <summary>
    /// A metric that stays beyond its limit is detected once it fills half a window, well within the detection delay.
    /// </summary>
    [Theory]
    [MemberData(nameof(Faults))]
    public void Observe_AMetricThatStaysBeyondItsLimit_IsDetectedWithinTheDelay(
        ViolationKind kind, Func<RoundMetrics, RoundMetrics> fault)
    {
        const int From = 301;
        var breach = First(600, round => round < From ? Usual(round) : fault(Usual(round)));
        Assert.Equal(kind, breach?.Kind);
        Assert.InRange(breach!.Round, From + Spec.Window / 2 - 1, From + Spec.Window / 2 + 1);
        Assert.True(breach.Round - From < new DivergenceDetector(Spec, Features).DetectionDelay);
    }

    /// <summary>Rounds that are out of line now and then decide nothing: it takes half a window.</summary>
    [Theory]
    [MemberData(nameof(Faults))]
    public void Observe_AMetricBeyondItsLimitInAThirdOfTheRounds_IsNoViolation(
        ViolationKind kind, Func<RoundMetrics, RoundMetrics> fault) =>
        Assert.True(First(600, round => round % 3 == 0 ? fault(Usual(round)) : Usual(round)) is null, kind.ToString());

    [Fact]
    public void Observe_OneGradientOutOfAllProportion_IsSeenAtOnce()
    {
        var breach = First(600, round => round == 300 ? Usual(round) with { GradientNorm = 1000 } : Usual(round));
        Assert.Equal((300L, ViolationKind.Spike), (breach!.Round, breach.Kind));
    }

    /// <summary>
    /// Growth from the initial parameters is no violation at any speed: the detector has no baseline yet.
    /// </summary>
    [Fact]
    public void Observe_GrowthInTheFirstRounds_IsNoViolation() => Assert.Null(First(80, round => Usual(round) with
    {
        EnergySpreadData = 0.001 * round * round,
        EnergySpreadNegatives = 0.001 * round * round,
        MedianGap = 0,
        StateGradientNorm = 0.001 * round * round,
    }));

    [Fact]
    public void Observe_MetricsThatAKernelHasNot_AreNoViolation() => Assert.Null(First(
        600, round =>
            Usual(round) with { Acceptance = null, StateGradientNorm = null, EnergySpreadData = 0,
                EnergySpreadNegatives = 0 }, drift: null));

    /// <summary>
    /// Healthy runs: norms that wander by a random walk of 1 % a round in the exponent, with noise of 30 % on top and a
    /// heavy tail of one round in fifty at four times the rest. 40 runs of 1,000 rounds, none may alarm. (Were the
    /// chance of a false alarm 5 % a run, this would fail with probability 0.87.)
    /// </summary>
    [Fact]
    public void Observe_NoisyHealthyRuns_GiveNoAlarm()
    {
        for (var run = 0; run < 40; run++)
        {
            var random = new KeyedRandom(RandomKey.Derive(7, Purpose.Evaluation, run, 0));
            var walk = 1.0;
            var draw = 0u;
            double Noise(double scale) => 1 + scale * (2 * random.Double(draw++) - 1);
            var breach = First(1000, round =>
            {
                walk *= Noise(0.017);
                var tail = random.Double(draw++) < 0.02 ? 4 : 1;
                return Usual(round) with
                {
                    GradientNorm = tail * walk * Noise(0.5),
                    StateGradientNorm = 2 * walk * Noise(0.5),
                    EnergySpreadData = 2 * walk * Noise(0.3),
                    EnergySpreadNegatives = tail * 2 * walk * Noise(0.3),
                    MedianGap = -1.5 * walk * Noise(1),
                };
            });
            Assert.True(breach is null, $"run {run}: round {breach?.Round}, {breach}");
        }
    }

    /// <summary>
    /// The limits have no unit: what a run of other energies or of a wider network shows is judged the same.
    /// </summary>
    [Theory]
    [InlineData(1e-3)]
    [InlineData(1e3)]
    public void Observe_NormsOfAnotherScale_IsTheSameJudgement(double scale)
    {
        RoundMetrics Run(long round, double by)
        {
            var f = Usual(round);
            return f with { GradientNorm = by * (round < 301 ? f.GradientNorm : 8 * f.GradientNorm),
                ParameterNorm = by * f.ParameterNorm };
        }

        var (one, other) = (First(600, r => Run(r, 1))!, First(600, r => Run(r, scale))!);
        Assert.Equal((one.Round, one.Kind, one.Metric), (other.Round, other.Kind, other.Metric));
        Assert.Equal(one.Value, other.Value, 1e-9);
    }

    [Fact]
    public void Median_OfValues_IsTheirMiddleAndNotANumberWhereOneIsNone()
    {
        Assert.Equal(2, RobustHistory.Median([5, 1, 2]));
        Assert.Equal(1.5, RobustHistory.Median([5, 1, 2, 0]));
        Assert.True(double.IsNaN(RobustHistory.Median([1, double.NaN, 2])));
        Assert.True(double.IsNaN(RobustHistory.Median([])));
    }
}
