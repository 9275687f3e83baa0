using Ebm.Client.Local;
using Ebm.EndToEnd.Tests.Console;

namespace Ebm.EndToEnd.Tests.Access;

/// <summary>Specs that ask a silo for what they may not have.</summary>
[Trait("Category", "Long")]
public sealed class ConfinementTests : IAsyncLifetime
{
    private readonly EbmConsole _console = new();
    private LocalCluster? _cluster;

    public async ValueTask InitializeAsync()
    {
        _cluster = new LocalCluster(new LocalClusterOptions
        {
            Silos = 1,
            SiloEnvironment = new Dictionary<string, string>
            {
                ["EBM_DATA_ROOTS"] = $"/data:{_console.Folder}", ["EBM_TORCH_SCRIPT"] = "false",
                ["EBM_ENERGY_ASSEMBLIES"] = "false",
                ["EBM_MEMORY_LIMIT"] = "16",
            },
        });
        await _cluster.Start(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Submit_OfFilesOutsideTheRoots_IsRefusedAndInsideIsComputed()
    {
        File.CreateSymbolicLink(Path.Combine(_console.Folder, "link.csv"), "/etc/passwd");
        var toy = "{kind: toy, density: two-moons, count: 200}";
        var mlp = "{kind: mlp, hidden: [8]}";
        foreach (var (data, energy, chains, code, expected) in new[]
        {
            ("{kind: csv, path: /etc/passwd}", mlp, 64, 2, "data.path: /etc/passwd lies outside"),
            ("{kind: csv, path: ../../../../etc/passwd}", mlp, 64, 2, "lies outside"),
            ("{kind: csv, path: link.csv}", mlp, 64, 2, "leads out of"),
            (toy, "{kind: torchscript, path: module.pt}", 64, 2, "torchscript is switched off"),
            (toy, "{kind: assembly, path: a.dll, type: A}", 64, 2, "with the setting EnergyAssemblies"),
            (toy, mlp, 10_000_000, 3, "may take 16 MiB here"),
            ("{kind: toy, density: two-moons, count: 100000000}", mlp, 64, 3, "exceed the limit of"),
        })
        {
            var ended = await Submit(data, energy, chains);
            Assert.True(ended.ExitCode == code, $"{data} {energy} {chains}: {ended}");
            Assert.Contains(expected, ended.Output + ended.Errors, StringComparison.Ordinal);
            Assert.DoesNotContain("root:", ended.Output + ended.Errors, StringComparison.Ordinal);
        }

        Assert.Equal(0, (await Submit(toy, mlp, 64)).ExitCode);
    }

    public async ValueTask DisposeAsync()
    {
        if (_cluster is not null)
        {
            await _cluster.DisposeAsync();
        }

        _console.Dispose();
    }

    private Task<Ended> Submit(string data, string energy, int chains) => _console.Run(
        "submit",
        _console.File("spec.yaml", $$"""
            name: confined
            data: {{data}}
            energy: {{energy}}
            sampler: {kind: langevin, steps: 1, stepSize: 0.01, range: [-4, 4]}
            negatives: {chains: {{chains}}}
            learning: {rounds: 3, batch: 64}
            """),
        "--cluster", _cluster!.Address, "--output", "json");
}
