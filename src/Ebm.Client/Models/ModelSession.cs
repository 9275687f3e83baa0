using Ebm.Contracts;
using Ebm.Contracts.Models;

namespace Ebm.Client.Models;

/// <summary>One exchange with a model on a cluster: uploads a file, downloads a result, both in blocks.</summary>
internal sealed class ModelSession(IGrainFactory grains, string run)
{
    /// <summary>The grain of this session.</summary>
    public IModelGrain Grain { get; } = grains.GetGrain<IModelGrain>($"{run}/{NewName()}");

    /// <summary>A unique name for a session: machine, process and time.</summary>
    public static string NewName() => FormattableString.Invariant(
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
