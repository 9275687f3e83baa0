namespace Ebm.Grains.Tests;

/// <summary>A folder that is gone after the test.</summary>
public sealed class TempHome : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("ebm-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
