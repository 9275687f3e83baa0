namespace Ebm.Core.Tests.Spec;

/// <summary>A folder that is gone after the test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    private readonly string _path = Directory.CreateTempSubdirectory("ebm-spec-").FullName;

    public string Write(string name, byte[] content)
    {
        var path = Path.Combine(_path, name);
        File.WriteAllBytes(path, content);
        return path;
    }

    public void Dispose() => Directory.Delete(_path, recursive: true);
}
