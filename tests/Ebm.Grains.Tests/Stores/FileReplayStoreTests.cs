using Ebm.Contracts.Chains;
using Ebm.Core.Rounds;
using Ebm.Grains.Stores;

namespace Ebm.Grains.Tests.Stores;

public sealed class FileReplayStoreTests : ReplayStoreContract, IDisposable
{
    private readonly TempHome _folder = new();
    private readonly RunHome _home;
    private readonly FileReplayStore _store;

    public FileReplayStoreTests()
    {
        _home = new RunHome(_folder.Path);
        _store = new FileReplayStore(_home);
    }

    /// <summary>Without its locks a process may not write: another may have them.</summary>
    [Fact]
    public async Task Write_AfterTheLocksWereGivenBack_IsRefused()
    {
        _home.Dispose();
        Assert.Equal(
            WriteVerdict.StaleEpoch,
            await _store.Rewind(new ShardKey("r", 0), new RewindOrder(1, 0, 0), new byte[3], 3));
    }

    public void Dispose()
    {
        _store.Dispose();
        _home.Dispose();
        _folder.Dispose();
    }

    private protected override Task<(IReplayStore Store, IRunFence Fence)> Open() =>
        Task.FromResult<(IReplayStore, IRunFence)>((_store, _home));
}
