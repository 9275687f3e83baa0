using Ebm.Contracts;
using Ebm.Contracts.Models;

namespace Ebm.Client.Models;

/// <summary>
/// One exchange with a model in a cluster: a file goes there in pieces, a result comes back in pieces.
/// </summary>
internal sealed class ModelSession(IGrainFactory grains, string run)
{
    /// <summary>The grain of this session alone.</summary>
    public IModelGrain Grain { get; } = grains.GetGrain<IModelGrain>($"{run}/{Own()}");

    /// <summary>The name of a session: no other process has this number on this machine at this time.</summary>
    public static string Own() => FormattableString.Invariant(
        $"{Environment.MachineName}-{Environment.ProcessId}-{TimeProvider.System.GetUtcNow().UtcTicks}");

    /// <summary>Sends a file.</summary>
    public async Task Put(byte[]? content)
    {
        for (var start = 0; content is not null && start < content.Length; start += ByteBlock.Limit)
        {
            await Grain.Put(new ByteBlock(content.AsMemory(start, Math.Min(ByteBlock.Limit, content.Length - start))));
        }
    }

    /// <summary>Fetches a result.</summary>
    public async Task<byte[]> Take(long length)
    {
        var result = new byte[length];
        for (var (piece, start) = (0, 0L); start < length; piece++)
        {
            var part = (await Grain.Take(piece)).Bytes;
            part.CopyTo(result.AsMemory((int)start));
            start += part.Length;
        }

        return result;
    }
}
