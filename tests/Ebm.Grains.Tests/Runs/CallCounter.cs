using System.Collections.Concurrent;
using Ebm.Contracts.Epochs;

namespace Ebm.Grains.Tests.Runs;

/// <summary>Counts the parameter blocks that silos pull, and their bytes, by version.</summary>
internal sealed class CallCounter : IIncomingGrainCallFilter
{
    public ConcurrentDictionary<long, (int Pulls, long Bytes)> Pulled { get; } = new();

    public async Task Invoke(IIncomingGrainCallContext context)
    {
        await context.Invoke();
        if (context.Result is ParameterBlock { Found: true } block && context.Request.GetArgument(1) is long version)
        {
            Pulled.AddOrUpdate(
                version, (1, block.Bytes.Bytes.Length),
                (_, seen) => (seen.Pulls + 1, seen.Bytes + block.Bytes.Bytes.Length));
        }
    }
}
