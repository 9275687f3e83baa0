using Ebm.Client.Local.Processes;
using Ebm.Contracts.Cluster;
using Ebm.Core;

namespace Ebm.Client.Access;

/// <summary>
/// The token that this user presents to a cluster: <c>EBM_TOKEN</c>; else the content of the file in
/// <c>EBM_TOKEN_FILE</c>; else the token that <c>ebm cluster start</c> stored on this machine for this user.
/// </summary>
internal static class TokenFile
{
    /// <summary>Variable with a token.</summary>
    public const string Variable = "EBM_TOKEN";

    /// <summary>Variable with the name of a file that contains a token.</summary>
    public const string FileVariable = "EBM_TOKEN_FILE";

    private static string Folder =>
        Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".ebm", "tokens");

    /// <summary>The token for a cluster, or null.</summary>
    /// <exception cref="InputException">The file in <c>EBM_TOKEN_FILE</c> cannot be read, or is empty.</exception>
    public static string? Find(ClusterAddress address)
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } given)
        {
            return given.Trim();
        }

        if (Environment.GetEnvironmentVariable(FileVariable) is { Length: > 0 } named)
        {
            return Read(named) ?? throw new InputException(
                $"{FileVariable}: cannot read a token from {named}. Expected a readable file that contains one token.");
        }

        return Read(PathOf(address));
    }

    /// <summary>Stores a token for this user's consoles; no other user can read it.</summary>
    public static void Store(ClusterAddress address, string token)
    {
        PrivateFile.Folder(Folder);
        PrivateFile.Write(PathOf(address), token + "\n");
    }

    /// <summary>Deletes the stored token of a cluster that has ended.</summary>
    public static void Remove(ClusterAddress address) => File.Delete(PathOf(address));

    private static string PathOf(ClusterAddress address) =>
        Path.Combine(Folder, $"{address.Host}-{address.Port}-{address.ClusterId}");

    private static string? Read(string path)
    {
        try
        {
            return File.ReadAllText(path).Trim() is { Length: > 0 } token ? token : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
