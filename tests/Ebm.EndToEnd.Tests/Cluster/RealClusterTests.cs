using System.Text.Json;
using Ebm.Client.Local;
using Ebm.Core.Tests.Energies.Assemblies;
using Ebm.EndToEnd.Tests.Console;

namespace Ebm.EndToEnd.Tests.Cluster;

/// <summary>
/// Silos and a Redis as processes: the same bits as embedded, for any number of silos and after any death.
/// </summary>
public sealed class RealClusterTests : IDisposable
{
    private readonly EbmConsole _console = new();

    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 1)]
    [InlineData(4, 0)]
    public async Task Submit_ToAnyNumberOfSilos_HasTheHashesOfTrain(int silos, int control)
    {
        await using var cluster = await Start(new LocalClusterOptions { Silos = silos, Control = control });
        foreach (var spec in new[] { SmallSpecs.Rbm(_console), SmallSpecs.Mlp(_console) })
        {
            Assert.Equal(Hashes(await _console.Train(spec)), Hashes(await Submit(cluster, spec)));
        }
    }

    [Fact]
    public async Task Evaluate_OfARunInACluster_EqualsTheEvaluationHere()
    {
        await using var cluster = await Start(new LocalClusterOptions { Silos = 2 });
        var spec = SmallSpecs.Rbm(_console);
        await _console.Train(spec, "--id", "a");
        await Submit(cluster, spec, "--id", "a");
        var other = _console.File("ones.csv", string.Concat(Enumerable.Repeat("1,1,1,1,1,1,1,1,1,1,1,1\n", 20)));

        foreach (var command in new string[][] { ["--against", other, "-n", "70"], ["--long-run", "300", "-n", "40"] })
        {
            var here = await _console.Run(["evaluate", "a", "--output", "json", .. command]);
            var there = await _console.Run(
                ["evaluate", "a", "--output", "json", .. command, "--cluster", cluster.Address]);
            Assert.True(there.ExitCode == 0, there.ToString());
            Assert.Equal(here.Output, there.Output);
        }
    }

    [Fact]
    public async Task Export_FromACluster_WritesTheFilesOfTrain()
    {
        await using var cluster = await Start(new LocalClusterOptions { Silos = 1 });
        var spec = ModuleSpec();
        Assert.Equal(Hashes(await _console.Train(spec, "--id", "a")), Hashes(await Submit(cluster, spec, "--id", "a")));
        var (here, there) = (Path.Combine(_console.Folder, "here"), Path.Combine(_console.Folder, "there"));
        Assert.Equal(0, (await _console.Run("export", "a", "--out", here)).ExitCode);
        Assert.Equal(0, (await _console.Run("export", "a", "--out", there, "--cluster", cluster.Address)).ExitCode);
        string[] names = ["model.json", "module.pt", "parameters.safetensors"];

        Assert.Equal(names, Directory.GetFiles(there).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.All(names, name => Assert.Equal(
            File.ReadAllBytes(Path.Combine(here, name)), File.ReadAllBytes(Path.Combine(there, name))));
        Assert.Equal(5, (await _console.Run(
            "export", "a", "--out", there, "--round", "9", "--cluster", cluster.Address)).ExitCode);

        // A silo that does not have the module says so.
        File.Move(Path.Combine(_console.Folder, "model.pt"), Path.Combine(_console.Folder, "moved.pt"));
        var failed = await _console.Run("submit", spec, "--id", "b", "--cluster", cluster.Address, "--output", "json");
        Assert.Equal(3, failed.ExitCode);
        Assert.Contains(
            $"model.pt: no such file on {Environment.MachineName}", failed.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Submit_OfAnAssembly_HasTheHashesOfTrainAndServesEveryCommandButExport()
    {
        await using var cluster = await Start(new LocalClusterOptions { Silos = 3 });
        var spec = AssemblySpec();
        Assert.Equal(Hashes(await _console.Train(spec, "--id", "a")), Hashes(await Submit(cluster, spec, "--id", "a")));
        string[] score = ["score", "a", "--data", _console.File("x.csv", "0,1\n1,2\n")];
        foreach (var command in new[] { score, ["evaluate", "a", "-n", "70", "--output", "json"] })
        {
            var here = await _console.Run(command);
            Assert.Equal(0, here.ExitCode);
            Assert.Equal(here.Output, (await _console.Run([.. command, "--cluster", cluster.Address])).Output);
        }

        string[] sample = ["sample", "a", "-n", "70", "--steps", "20", "--out", "samples.png", "--npy"];
        Assert.Equal(0, (await _console.Run([.. sample, "here.npy"])).ExitCode);
        Assert.Equal(0, (await _console.Run([.. sample, "there.npy", "--cluster", cluster.Address])).ExitCode);
        Assert.Equal(
            File.ReadAllBytes(Path.Combine(_console.Folder, "here.npy")),
            File.ReadAllBytes(Path.Combine(_console.Folder, "there.npy")));

        foreach (var where in new string[][] { [], ["--cluster", cluster.Address] })
        {
            var refused = await _console.Run(["export", "a", "--out", "exported", .. where]);
            Assert.Equal(2, refused.ExitCode);
            Assert.Contains("its formula is the code of", refused.Errors, StringComparison.Ordinal);
            Assert.False(Directory.Exists(Path.Combine(_console.Folder, "exported")));
        }
    }

    /// <summary>Around the one write that a rollback is, the process that does it is killed.</summary>
    [Fact]
    [Trait("Category", "Long")]
    public async Task Kill_OfTheSiloThatTakesARunBack_HasTheHashesOfTrain()
    {
        var spec = SmallSpecs.Diverging(_console);
        var alone = await _console.Train(spec);
        Assert.NotEqual(0, alone.GetProperty("rollbacks").GetInt32());
        await using var cluster = await Start(new LocalClusterOptions { Silos = 3 });
        foreach (var point in new[] { "before-rollback", "after-rollback" })
        {
            var events = cluster.Subscribe();
            Assert.All(cluster.Silos, silo => Assert.True(cluster.Arm(silo.Name, point, "kill")));
            var ending = Submit(cluster, spec, "--id", point);
            var killed = await StandIn.Heard(events, LocalEventKind.Fault);
            Assert.Equal(point, killed.Fault!.Point);
            Assert.All(cluster.Silos.Where(silo => silo.Name != killed.Name), silo => cluster.Disarm(silo.Name));

            Assert.Equal(Hashes(alone), Hashes(await ending));
            await StandIn.Heard(events, LocalEventKind.SiloReady, killed.Name);
        }
    }

    [Fact]
    public async Task Chaos_EightFaults_HoldsEveryInvariant()
    {
        var ended = await _console.Run(
            "chaos", Path.Combine(Repository.Root, "examples", "chaos.yaml"), "--kills", "8", "--seed", "3",
            "--output", "json",
            "--set", "learning.rounds=400");
        Assert.True(ended.ExitCode == 0, ended.ToString());
        Assert.Equal(8, ended.Json.Count(line => line.GetProperty("type").GetString() == "fault"));
    }

    [Fact]
    public async Task Submit_IntoAnEmptyRedis_ResumesFromACheckpointInADirectory()
    {
        var checkpoints = Directory.CreateDirectory(Path.Combine(_console.Folder, "checkpoints")).FullName;
        var options = new LocalClusterOptions { Silos = 2, Checkpoints = checkpoints };
        var spec = SmallSpecs.Rbm(_console, rounds: 600);
        var expected = Hashes(await _console.Train(spec));
        await using (var first = await Start(options))
        {
            var following = _console.Start("submit", spec, "--id", "a", "--cluster", first.Address, "--output", "json");
            await EbmConsole.WaitFor(following, "checkpoint", times: 3);
            var stopped = await _console.Run("stop", "a", "--cluster", first.Address);
            Assert.True(stopped.ExitCode == 0, stopped.ToString());
        }

        await using var second = await Start(options);
        var ended = await _console.Run("submit", spec, "--id", "a", "--cluster", second.Address, "--output", "json");
        Assert.True(ended.ExitCode == 0, ended.ToString());
        Assert.Contains("resumes from the checkpoint of round", ended.Output, StringComparison.Ordinal);
        Assert.Equal(expected, Hashes(ended.Json[^1]));
    }

    [Fact]
    public async Task Delete_OfARun_LeavesNothingOfItAndRefusesWithoutYes()
    {
        await using var cluster = await Start(new LocalClusterOptions { Silos = 1 });
        await Submit(cluster, SmallSpecs.Rbm(_console), "--id", "a");
        Assert.Equal(2, (await _console.Run("delete", "a", "--cluster", cluster.Address)).ExitCode);
        var status = await _console.Run("status", "a", "--cluster", cluster.Address, "--output", "json");
        Assert.Contains("\"redis\"", status.Output, StringComparison.Ordinal);
        var deleted = await _console.Run("delete", "a", "--yes", "--cluster", cluster.Address);
        Assert.True(deleted.ExitCode == 0, deleted.ToString());
        Assert.Equal(5, (await _console.Run("status", "a", "--cluster", cluster.Address)).ExitCode);
        Assert.DoesNotContain(
            "small", (await _console.Run("list", "--cluster", cluster.Address)).Output, StringComparison.Ordinal);
    }

    public void Dispose() => _console.Dispose();

    private static async Task<LocalCluster> Start(LocalClusterOptions options)
    {
        var cluster = new LocalCluster(options);
        try
        {
            await cluster.Start(TestContext.Current.CancellationToken);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    private async Task<JsonElement> Submit(LocalCluster cluster, string spec, params string[] more)
    {
        var ended = await _console.Run(["submit", spec, "--cluster", cluster.Address, "--output", "json", .. more]);
        Assert.True(ended.ExitCode == 0, ended.ToString());
        return ended.Json[^1];
    }

    private string ModuleSpec()
    {
        File.Copy(
            Path.Combine(Repository.Root, "examples", "torchscript", "model.pt"),
            Path.Combine(_console.Folder, "model.pt"));
        return _console.File("module.yaml", """
            name: module
            data: {kind: toy, density: two-moons, count: 500}
            energy: {kind: torchscript, path: model.pt}
            sampler: {kind: langevin, steps: 5, stepSize: 0.01, noise: 0.1, range: [-4, 4]}
            negatives: {chains: 128}
            learning: {rounds: 20, batch: 64, ema: 0.9}
            """);
    }

    private string AssemblySpec()
    {
        File.WriteAllBytes(Path.Combine(_console.Folder, "bowl.dll"), CompiledEnergies.Example);
        return _console.File("assembly.yaml", $$"""
            name: assembly
            data: {kind: toy, density: two-moons, count: 500}
            energy:
              kind: assembly
              path: bowl.dll
              type: {{CompiledEnergies.ExampleType}}
              options: {hidden: 16, scale: 1.5}
            sampler: {kind: langevin, steps: 5, stepSize: 0.01, noise: 0.1, range: [-4, 4]}
            negatives: {chains: 256}
            learning: {rounds: 20, batch: 64, ema: 0.9}
            """);
    }

    private static (string?, string?) Hashes(JsonElement result) =>
        (result.GetProperty("parametersSha256").GetString(), result.GetProperty("stateSha256").GetString());
}
