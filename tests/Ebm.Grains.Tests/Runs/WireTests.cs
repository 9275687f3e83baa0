using Ebm.Contracts;
using Ebm.Contracts.Chains;
using Ebm.Contracts.Parameters;
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
}
