using Ebm.Core;

namespace Ebm.Client.Local;

/// <summary>
/// A local cluster's folder: a temporary one goes with it, a given one is kept and can be gone on with.
/// </summary>
internal sealed class ClusterFolder
{
    private readonly bool _isTemporary;

    /// <summary>Makes it.</summary>
    /// <exception cref="EbmException">It cannot be written.</exception>
    public ClusterFolder(string? given)
    {
        _isTemporary = given is null;
        try
        {
            Path = given is null
                ? Directory.CreateTempSubdirectory("ebm-cluster-").FullName
                : Directory.CreateDirectory(given).FullName;
            File.Create(System.IO.Path.Combine(Path, $"try-{Environment.ProcessId}"), 1, FileOptions.DeleteOnClose)
                .Dispose();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new EbmException($"the cluster's folder {given ?? "(a temporary one)"} cannot be written: "
                + $"{e.Message} Choose another with --dir.", e);
        }
    }

    /// <summary>Where it is.</summary>
    public string Path { get; }

    /// <summary>The file that is locked while a cluster works here.</summary>
    public string Lock => System.IO.Path.Combine(Path, "lock");

    /// <summary>The file with the cluster's address, and the password in it.</summary>
    public string Address => System.IO.Path.Combine(Path, "address");

    /// <summary>The file with the cluster's key.</summary>
    public string Keys => System.IO.Path.Combine(Path, "keys");

    /// <summary>The file with a token that may do everything.</summary>
    public string Token => System.IO.Path.Combine(Path, "token");

    /// <summary>Redis' folder.</summary>
    public string Redis => System.IO.Path.Combine(Path, "redis");

    /// <summary>Removes what has no use without a running cluster.</summary>
    public void Leave(bool keep)
    {
        try
        {
            File.Delete(Address);
            File.Delete(Token);
            File.Delete(Keys);
            if (_isTemporary && !keep)
            {
                Directory.Delete(Path, recursive: true);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Something still writes there, or has removed it already; it is no reason to end badly.
        }
    }
}
