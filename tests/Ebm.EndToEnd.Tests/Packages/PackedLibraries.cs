using System.Diagnostics;
using Ebm.EndToEnd.Tests.Console;

namespace Ebm.EndToEnd.Tests.Packages;

/// <summary>
/// The packages of this build in a folder, and a clean folder that restores from it. Packages of others come from the
/// user's cache.
/// </summary>
public sealed class PackedLibraries : IAsyncLifetime
{
    private static readonly string[] Libraries = ["Ebm.Core", "Ebm.Configuration", "Ebm.Data", "Ebm.RunFolders"];

    private readonly TemporaryFolder _folder = new();

    /// <summary>A folder outside the repository.</summary>
    public string Clean => Path.Combine(_folder.Path, "clean");

    /// <summary>The folder of the packages.</summary>
    public string Packages => Path.Combine(_folder.Path, "feed");

    public async ValueTask InitializeAsync()
    {
        Directory.CreateDirectory(Clean);
        foreach (var library in Libraries)
        {
            await Pack(library);
        }

        var cache = Environment.GetEnvironmentVariable("NUGET_PACKAGES") ?? Path.Combine(
            Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        _folder.Write("clean/nuget.config", $"""
            <configuration>
              <packageSources><add key="packed" value="{Packages}" /></packageSources>
              <config><add key="globalPackagesFolder" value="{Path.Combine(_folder.Path, "restored")}" /></config>
              <fallbackPackageFolders><add key="user" value="{cache}" /></fallbackPackageFolders>
            </configuration>
            """);
    }

    /// <summary>Packs a project of this build.</summary>
    public async Task Pack(string project)
    {
        var ended = await Dotnet(
            Repository.Root, "pack", $"src/{project}", "-c", "Release", "--no-build", "-o", Packages, "-v", "quiet",
            "-nodeReuse:false");
        Assert.True(ended.ExitCode == 0, ended.ToString());
    }

    /// <summary>Copies an example to the clean folder and runs it there.</summary>
    internal async Task<Ended> Run(string example, params string[] arguments)
    {
        File.Copy(
            Path.Combine(Repository.Root, "examples", "csharp", example), Path.Combine(Clean, example),
            overwrite: true);
        return await Dotnet(Clean, ["run", example, "--", .. arguments]);
    }

    /// <summary>Runs the SDK to its end. What it builds from a file lies in the folder that goes with this.</summary>
    internal async Task<Ended> Dotnet(string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", arguments)
        {
            WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        start.Environment["XDG_DATA_HOME"] = Directory.CreateDirectory(Path.Combine(_folder.Path, "data")).FullName;
        start.Environment.Remove("TorchBackend");
        using var process = Process.Start(start)!;
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            return new Ended(process.ExitCode, await output, await errors);
        }
        finally
        {
            process.Kill(entireProcessTree: true);
        }
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }
}
