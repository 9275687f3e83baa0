using Ebm.Core;

namespace Ebm.Client.Local;

/// <summary>
/// The folder of a local cluster. A temporary one is deleted at the end; a given one is kept, so that a later cluster
/// can resume its runs.
/// </summary>
internal sealed class ClusterFolder
{
    private readonly bool _isTemporary;

    /// <summary>Creates the folder.</summary>
    /// <exception cref="EbmException">The folder is not writable.</exception>
    public ClusterFolder(string? given)
    {
        _isTemporary = given is null;
        try
        {
            Path = given is null
                ? Directory.CreateTempSubdirectory("ebm-cluster-").FullName
                : Directory.CreateDirectory(given).FullName;
            var probe = System.IO.Path.Combine(Path, $"try-{Environment.ProcessId}");
            File.Create(probe, 1, FileOptions.DeleteOnClose).Dispose();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new EbmException(
                $"the cluster's folder {given ?? "(a temporary one)"} is not writable: {e.Message} "
                + "Choose another folder with --dir.", e);
        }
    }

    /// <summary>Its path.</summary>
    public string Path { get; }

    /// <summary>The file that is locked while a cluster uses the folder.</summary>
    public string Lock => System.IO.Path.Combine(Path, "lock");

    /// <summary>The file with the cluster's address, which contains the password.</summary>
    public string Address => System.IO.Path.Combine(Path, "address");

    /// <summary>The file with the cluster's key.</summary>
    public string Keys => System.IO.Path.Combine(Path, "keys");

    /// <summary>The file with a token of the role admin.</summary>
    public string Token => System.IO.Path.Combine(Path, "token");

    /// <summary>Redis' folder.</summary>
    public string Redis => System.IO.Path.Combine(Path, "redis");

    /// <summary>Deletes the files that are useless without a running cluster, and a temporary folder.</summary>
    /// <param name="keep">Whether to keep a temporary folder.</param>
    public void CleanUp(bool keep)
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
            // Another process still writes there, or has deleted the folder. Neither is a failure of the cluster.
        }
    }
}
