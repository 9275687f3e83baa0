using Ebm.Contracts.Runs;
using Ebm.Core.Spec;
using Ebm.Core.Tests.Energies.Assemblies;

namespace Ebm.Grains.Tests.Runs;

/// <summary>A run whose energy is a class of an assembly.</summary>
public sealed class AssemblyTests : IDisposable
{
    private readonly TempHome _folder = new();
    private readonly string _assembly;

    public AssemblyTests() => _assembly = Write("a.dll", CompiledEnergies.Example);

    private string Home => Path.Combine(_folder.Path, "runs");

    [Fact]
    public async Task Resume_WithAnotherAssembly_IsRefusedUntilTheRightOneIsBack()
    {
        var spec = Specs.Assembly(_assembly) with { Learning = Specs.Mlp.Learning with { Rounds = 60 } };
        await using var other = await Embedded.Start(Path.Combine(_folder.Path, "other"));
        var whole = await other.Run("a").Complete(spec);
        await using (var silo = await Embedded.Start(Home))
        {
            var run = silo.Run("a");
            await run.Submit(RunCalls.Submission(spec));
            await run.Until(s => s.Round >= 3);
            await run.Stop();
            Assert.Equal(RunState.Stopped, (await run.End()).State);
        }

        // Another assembly with the same code: a portable executable may have bytes after its end.
        Write("a.dll", [.. CompiledEnergies.Example, 0]);
        Assert.Contains(
            $"the assembly {_assembly} on {Environment.MachineName} has changed since the run began: its digest was",
            (await Resume()).Reason, StringComparison.Ordinal);
        File.Delete(_assembly);
        Assert.Contains(
            $"{_assembly}: no such file on {Environment.MachineName}", (await Resume()).Reason,
            StringComparison.Ordinal);
        Write("a.dll", CompiledEnergies.Example);
        Assert.Equal(whole.Hashes(), (await Resume()).Hashes());
    }

    /// <summary>The check before training does not meet what the code does later.</summary>
    [Fact]
    public async Task Run_OfCodeThatThrowsLater_FailsWithASentenceAndHarmsNoOtherRun()
    {
        await using var silo = await Embedded.Start(Home);
        var failing = Write("b.dll", CompiledEnergies.WithEvaluate(
            "if (Calls > 300) { throw new InvalidOperationException(\"enough\"); } "
            + "return states.mul(states).matmul(parameters[\"w\"].abs());"));
        var energy = new AssemblyEnergySpec { Path = failing, Type = "Mine" };
        var beside = silo.Run("beside").Complete(Specs.Mlp);
        await silo.Run("failing").Submit(RunCalls.Submission(
            Specs.Mlp with { Energy = energy, Learning = Specs.Mlp.Learning with { Rounds = 1000 } }));
        var failed = await silo.Run("failing").End();

        Assert.Equal(RunState.Failed, failed.State);
        Assert.Matches(
            @"Mine\.\w+ failed: InvalidOperationException in Mine\.Evaluate: enough\.", failed.Reason!);
        var alone = await silo.Run("alone").Complete(Specs.Mlp);
        Assert.Equal(alone.Hashes(), (await beside).Hashes());
    }

    public void Dispose() => _folder.Dispose();

    private string Write(string name, byte[] content)
    {
        var path = Path.Combine(_folder.Path, name);
        File.WriteAllBytes(path, content);
        return path;
    }

    private async Task<RunStatus> Resume()
    {
        await using var silo = await Embedded.Start(Home);
        await silo.Run("a").Resume(false);
        return await silo.Run("a").End();
    }
}
