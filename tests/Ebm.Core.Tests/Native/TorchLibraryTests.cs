using Ebm.Core.Native;
using TorchSharp;

namespace Ebm.Core.Tests.Native;

public sealed class TorchLibraryTests
{
    [Fact]
    public void EnsureLoaded_OnThisSystem_GivesAWorkingLibraryOnOneThread()
    {
        TorchLibrary.EnsureLoaded();
        using var sum = torch.ones(3).sum();

        Assert.Equal(3f, sum.item<float>());
        Assert.Equal(1, torch.get_num_threads());
    }
}
