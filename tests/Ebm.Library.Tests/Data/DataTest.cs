using Ebm.Core.Datasets;
using Ebm.Core.Native;
using Ebm.Core;
using TorchSharp;

namespace Ebm.Library.Tests.Data;

/// <summary>What the tests of this folder share: torch on one thread, a folder, and readings of rows.</summary>
public abstract class DataTest : IDisposable
{
    static DataTest() => TorchLibrary.EnsureLoaded();

    internal TemporaryFolder Folder { get; } = new();

    internal static float[] Values(DataRows rows)
    {
        using var values = rows.Gather([.. Enumerable.Range(0, rows.Count).Select(i => (long)i)], torch.CPU);
        return values.data<float>().ToArray();
    }

    internal static void AssertFails(string path, Action read, params string[] expected)
    {
        var error = Assert.Throws<InputException>(read);
        Assert.All(expected.Prepend(path), text => Assert.Contains(text, error.Message, StringComparison.Ordinal));
    }

    public void Dispose()
    {
        Folder.Dispose();
        GC.SuppressFinalize(this);
    }
}
