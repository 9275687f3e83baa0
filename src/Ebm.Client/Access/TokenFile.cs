using Ebm.Client.Local.Processes;
using Ebm.Contracts.Cluster;
using Ebm.Core;

namespace Ebm.Client.Access;

/// <summary>
/// The token that this user shows to a cluster: <c>EBM_TOKEN</c>, what is in the file that <c>EBM_TOKEN_FILE</c> names,
/// or what a cluster that this user started on this machine has left for him.
/// </summary>
internal static class TokenFile
{
    /// <summary>Variable with a token.</summary>
    public const string Variable = "EBM_TOKEN";

    /// <summary>Variable with the name of a file that has one.</summary>
    public const string FileVariable = "EBM_TOKEN_FILE";

    private static string Folder =>
        Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".ebm", "tokens");

    /// <summary>The token for a cluster; null where there is none.</summary>
    /// <exception cref="InputException">The file that was named cannot be read.</exception>
    public static string? Find(ClusterAddress address)
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } given)
        {
            return given.Trim();
        }

        if (Environment.GetEnvironmentVariable(FileVariable) is { Length: > 0 } named)
        {
            return Read(named) ?? throw new InputException($"{FileVariable}: {named} cannot be read.");
        }

        return Read(PathOf(address));
    }

    /// <summary>Leaves a token for the consoles of this user; only he can read it.</summary>
    public static void Leave(ClusterAddress address, string token)
    {
        PrivateFile.Folder(Folder);
        PrivateFile.Write(PathOf(address), token + "\n");
    }

    /// <summary>The cluster has ended.</summary>
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

/// <summary>Shows the token with every call.</summary>
internal sealed class ShownToken(string? token) : IOutgoingGrainCallFilter
{
    /// <inheritdoc/>
    public Task Invoke(IOutgoingGrainCallContext context)
    {
        if (token is not null)
        {
            RequestContext.Set(Contracts.Access.CallerContext.Token, token);
        }

        return context.Invoke();
    }
}
