using Ebm.Contracts;
using Ebm.Contracts.Chains;
using Ebm.Contracts.Epochs;
using Ebm.Core.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;

namespace Ebm.Grains.Tests.Runs;

/// <summary>What messages with bytes take on the wire: declared wrongly, a byte takes two.</summary>
public sealed class WireTests
{
    [Theory]
    [InlineData(100_000)]
    [InlineData(ByteBlock.Limit)]
    public void Serialize_OfAMessageWithBytes_TakesThePayloadAndOnePercent(int length)
    {
        using var services = new ServiceCollection().AddSerializer().BuildServiceProvider();
        var serializer = services.GetRequiredService<Serializer>();
        var block = new ByteBlock(new byte[length]);
        foreach (var message in new object[]
        {
            new ParameterBlock(true, 7, block),
            new AdvanceReply { Outcome = AdvanceOutcome.Done, Negatives = block, Pieces = 1 },
            new NegativesPiece(true, block),
        })
        {
            Assert.InRange(serializer.SerializeToArray(message).Length, length, length * 1.01);
        }
    }

    [Fact]
    public void Deserialize_OfRoundMetrics_GivesThemAll()
    {
        using var services = new ServiceCollection().AddSerializer().BuildServiceProvider();
        var serializer = services.GetRequiredService<Serializer>();
        var figures = new RoundMetrics
        {
            Round = 1, Attempt = 2, EnergyData = 3, EnergyNegatives = 4, GradientNorm = 5, ParameterNorm = 6, Rate = 7,
            Acceptance = 8, StateGradientNorm = 9, JumpDistance = 10, SwapAcceptance = 11, Reinitialised = 12,
            RHat = double.PositiveInfinity, EssBulk = 0, EssTail = 13,
        };

        Assert.Equal(figures, serializer.Deserialize<RoundMetrics>(serializer.SerializeToArray(figures)));
    }
}
