using Ebm.Contracts;
using Ebm.Contracts.Models;
using Ebm.Core;

namespace Ebm.Client.Models;

/// <summary>One exchange with a model on a cluster: uploads a file, downloads a result, both in blocks.</summary>
internal sealed class ModelSession(IGrainFactory grains, string run)
{
    /// <summary>The grain of this session.</summary>
    public IModelGrain Grain { get; } = grains.GetGrain<IModelGrain>($"{run}/{NewName()}");

    /// <summary>A unique name for a session: machine, process and time.</summary>
    public static string NewName() => FormattableString.Invariant(
        $"{Environment.MachineName}-{Environment.ProcessId}-{TimeProvider.System.GetUtcNow().UtcTicks}");

    /// <summary>Uploads a file.</summary>
    public async Task Upload(byte[]? content)
    {
        foreach (var page in content is null ? [] : new PagedBytes(content).Pages)
        {
            await Grain.Put(page);
        }
    }

    /// <summary>Downloads a result of <paramref name="length"/> bytes.</summary>
    /// <exception cref="EbmException">The model's silo sent another number of bytes.</exception>
    public async Task<byte[]> Download(long length)
    {
        var pages = PagedBytes.CountPages(length);
        var result = await PagedBytes.Collect(async page => new BytePage(pages, await Grain.Take(page)));
        return result!.LongLength == length
            ? result
            : throw new EbmException($"the result has {result.LongLength} bytes; expected {length}.");
    }
}
