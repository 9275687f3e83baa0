using Ebm.Contracts.Placement;
using Ebm.Contracts.Runs;
using Ebm.Core;
using Ebm.Core.Spec;
using Ebm.Grains.Runs;
using Microsoft.Extensions.DependencyInjection;

namespace Ebm.Grains.Tests.Runs;

/// <summary>A run whose energy is a file continues with the file it was submitted with.</summary>
public sealed class ModuleTests : IDisposable
{
    private readonly TempHome _folder = new();
    private readonly string _module;
    private readonly RunSpec _spec;

    public ModuleTests()
    {
        _module = Path.Combine(_folder.Path, "model.pt");
        File.Copy(Specs.Module, _module);
        _spec = Specs.Mlp with
        {
            Energy = new TorchScriptSpec { Path = _module },
            Learning = Specs.Mlp.Learning with { Rounds = 60 },
        };
    }

    private string Home => Path.Combine(_folder.Path, "runs");

    [Fact]
    public async Task Resume_WithAnotherModule_IsRefusedUntilTheRightOneIsBack()
    {
        await using (var silo = await Embedded.Start(Path.Combine(_folder.Path, "other")))
        {
            var whole = await silo.Run("a").Complete(_spec);
            await Stop();

            Change();
            Assert.Contains(
                $"the module {_module} on {Environment.MachineName} has changed since the run began", await Refusal(),
                StringComparison.Ordinal);
            File.Delete(_module);
            Assert.Contains(
                $"{_module}: no such file on {Environment.MachineName}", await Refusal(), StringComparison.Ordinal);
            File.Copy(Specs.Module, _module);
            Assert.Equal(whole.Hashes(), (await Resume()).Hashes());
        }
    }

    [Fact]
    public async Task Resume_WithAnotherModuleAndAForgottenPin_IsRefusedByTheCheckpoint()
    {
        await Stop();
        Change();
        var record = Path.Combine(Home, "a", "run.json");
        var text = await File.ReadAllTextAsync(record, TestContext.Current.CancellationToken);
        var at = text.IndexOf("\"moduleDigest\"", StringComparison.Ordinal);
        var begin = text.LastIndexOf(',', at);
        await File.WriteAllTextAsync(
            record, text[..begin] + text[text.IndexOf('\n', at)..], TestContext.Current.CancellationToken);

        Assert.Contains(
            "belongs to other data, another spec or another module", await Refusal(), StringComparison.Ordinal);
    }

    /// <summary>A silo may remember a deleted run of the same id and spec.</summary>
    [Fact]
    public async Task Get_OfARunThatIsNotPinned_ReadsTheModuleAgain()
    {
        await using var silo = await Embedded.Start(Home);
        var contexts = silo.Services.GetRequiredService<RunContexts>();
        var submission = RunCalls.Submission(_spec);
        var run = new RunDescription(
            "a", submission.SpecJson, submission.SpecDigest, null, null, false, new RunRequirements("cpu"));
        var first = await contexts.Get(run);
        Change();
        var second = await contexts.Get(run);
        RunPins Pins(RunContext context) => new(context.Data.Digest, "", context.ModuleDigest);

        Assert.NotEqual(first.ModuleDigest, second.ModuleDigest);
        Assert.Same(second, await contexts.Get(run with { Pins = Pins(second) }));
        await Assert.ThrowsAsync<InputException>(() => contexts.Get(run with { Pins = Pins(first) }));
        Assert.Equal(second.ModuleDigest, (await contexts.Get(run with { Pins = Pins(second) })).ModuleDigest);
    }

    public void Dispose() => _folder.Dispose();

    private async Task Stop()
    {
        await using var silo = await Embedded.Start(Home);
        var run = silo.Run("a");
        await run.Submit(RunCalls.Submission(_spec));
        await run.Until(s => s.Round >= 3);
        await run.Stop();
        Assert.Equal(RunState.Stopped, (await run.End()).State);
    }

    /// <summary>
    /// Another file with the same network: an archive's last two bytes are the length of its comment.
    /// </summary>
    private void Change() => File.WriteAllBytes(_module, [.. File.ReadAllBytes(Specs.Module)[..^2], 1, 0, (byte)'x']);

    private async Task<RunStatus> Resume()
    {
        await using var silo = await Embedded.Start(Home);
        await silo.Run("a").Resume(false);
        return await silo.Run("a").End();
    }

    private async Task<string> Refusal()
    {
        var ended = await Resume();
        Assert.Equal(RunState.Failed, ended.State);
        return ended.Reason!;
    }
}
