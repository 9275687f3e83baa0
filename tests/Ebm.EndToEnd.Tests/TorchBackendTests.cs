using System.Diagnostics;
using System.Text.Json;

namespace Ebm.EndToEnd.Tests;

/// <summary>-p:TorchBackend=cpu|cuda chooses the libtorch that everything is built against.</summary>
public sealed class TorchBackendTests
{
    private const string Cpu = "libtorch-cpu-linux-x64";
    private const string Cuda = "TorchSharp-cuda-linux";

    [Theory]
    [InlineData(null, Cpu, Cuda)]
    [InlineData("cpu", Cpu, Cuda)]
    [InlineData("cuda", Cuda, Cpu)]
    public async Task Core_BuiltForABackend_ReferencesThatLibtorchAlone(string? backend, string has, string hasNot)
    {
        var (exitCode, output) = await MSBuild(backend, "-getItem:PackageReference");
        Assert.Equal(0, exitCode);
        using var json = JsonDocument.Parse(output);
        var packages = json.RootElement.GetProperty("Items").GetProperty("PackageReference").EnumerateArray()
            .Select(item => item.GetProperty("Identity").GetString()).ToArray();

        Assert.Contains("TorchSharp", packages);
        Assert.Contains(has, packages);
        Assert.DoesNotContain(hasNot, packages);
    }

    [Theory]
    [InlineData("cpu", "artifacts/")]
    [InlineData("cuda", "artifacts/cuda/")]
    public async Task Core_BuiltForABackend_HasAnOutputFolderOfItsOwn(string backend, string folder)
    {
        var (exitCode, output) = await MSBuild(backend, "-getProperty:OutputPath", "-p:Configuration=Release");

        Assert.Equal(0, exitCode);
        Assert.Equal(
            $"{folder}bin/Ebm.Core/release_linux-x64/",
            Path.GetRelativePath(Repository.Root, Path.GetFullPath(output.Trim())));
    }

    [Fact]
    public async Task Restore_WithAnUnknownBackend_NamesTheKnownOnes()
    {
        var (exitCode, output) = await MSBuild("rocm", "-t:Restore");

        Assert.NotEqual(0, exitCode);
        Assert.Contains("TorchBackend is 'rocm'; it must be cpu or cuda", output, StringComparison.Ordinal);
    }

    private static async Task<(int ExitCode, string Output)> MSBuild(string? backend, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { WorkingDirectory = Repository.Root,
            RedirectStandardOutput = true };
        foreach (var argument in (string[])["msbuild", "src/Ebm.Core", "-nodeReuse:false", .. arguments])
            start.ArgumentList.Add(argument);
        start.Environment.Remove("TorchBackend");
        if (backend is not null)
            start.ArgumentList.Add($"-p:TorchBackend={backend}");

        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, output);
    }
}
