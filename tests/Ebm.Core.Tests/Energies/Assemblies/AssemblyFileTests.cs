using Ebm.Core.Energies.Assemblies;

namespace Ebm.Core.Tests.Energies.Assemblies;

/// <summary>Files that cannot bring an energy, recognised without running them.</summary>
public sealed class AssemblyFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Read_NoFile_NamesThePlaceToPutIt() => Assert.Contains(
        $"no such file on {Environment.MachineName}. The assembly is read at this path",
        Problem(_folder.Path + "/a.dll"), StringComparison.Ordinal);

    [Fact]
    public void Read_FileThatIsNoAssembly_ReportsIt()
    {
        Assert.Contains("is a folder", Problem(_folder.Path), StringComparison.Ordinal);
        Assert.Contains("is empty. Build a class library", Problem(_folder.Write("a.dll", "")),
            StringComparison.Ordinal);
        Assert.Contains("is not a .NET assembly", Problem(_folder.Write("a.dll", "text")), StringComparison.Ordinal);
        Assert.Contains("is not a .NET assembly", Problem(_folder.Write("a.dll", CompiledEnergies.Example[..600])),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Read_ReferenceToAnotherAssembly_NamesIt() => Assert.Contains(
        "references the assembly 'Other.Library'. An energy may reference Ebm.Core, TorchSharp and the .NET base",
        Problem(CompiledEnergies.WithReference("Other.Library", "1.0.0.0")), StringComparison.Ordinal);

    [Theory]
    [InlineData(1, 0, 0)]
    [InlineData(0, 1, 0)]
    [InlineData(0, -1, 9)]
    [InlineData(0, 0, 9)]
    public void Read_AnotherEbmCore_NamesBothVersions(int major, int minor, int build)
    {
        var here = typeof(AssemblyFile).Assembly.GetName().Version!;
        var version = new Version(here.Major + major, here.Minor + minor, here.Build + build, 0);

        Assert.Contains(
            $"is built against Ebm.Core {version}; this process has {here}. "
            + $"Build it against Ebm.Core {here.ToString(3)}.",
            Problem(CompiledEnergies.WithReference("Ebm.Core", version.ToString())), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_NewerDotNet_NamesTheTargetFramework()
    {
        Assert.Contains("is built for a newer .NET: it references System.Linq.Parallel 99.0.0.0",
            Problem(CompiledEnergies.WithReference("System.Linq.Parallel", "99.0.0.0")), StringComparison.Ordinal);
        AssemblyFile.Read(_folder.Write(
            "b.dll", CompiledEnergies.WithReference("System.Linq.Parallel", "8.0.0.0")));
    }

    [Fact]
    public void Read_NativeCode_NamesItsLibrary() => Assert.Contains(
        "calls the native library 'libevil'",
        Problem(CompiledEnergies.Compile(
            "public class Mine { [System.Runtime.InteropServices.DllImport(\"libevil\")] static extern int f(); }")),
        StringComparison.Ordinal);

    [Theory]
    [InlineData("1.2.0.0", "1.3.0.0", true)]
    [InlineData("1.3.0.0", "1.2.0.0", false)]
    [InlineData("1.2.0.0", "2.2.0.0", false)]
    [InlineData("0.3.1.0", "0.3.2.0", true)]
    [InlineData("0.3.2.0", "0.3.1.0", false)]
    [InlineData("0.2.0.0", "0.3.0.0", false)]
    public void IsCompatible_Versions_FollowsSemanticVersioning(string built, string here, bool expected) =>
        Assert.Equal(expected, AssemblyFile.IsCompatible(new Version(built), new Version(here)));

    public void Dispose() => _folder.Dispose();

    private string Problem(byte[] file) => Problem(_folder.Write("a.dll", file));

    private static string Problem(string path)
    {
        var message = Assert.Throws<InputException>(() => AssemblyFile.Read(path)).Message;
        Assert.StartsWith($"energy.path: {path}: ", message, StringComparison.Ordinal);
        return message;
    }
}
