using System.Security.Cryptography;

namespace Ebm.Core.Energies;

/// <summary>
/// The file of an energy that is code: read once, so that the bytes of the digest are the bytes that run.
/// </summary>
internal static class EnergyFile
{
    /// <summary>The content of a file and its SHA-256 (hex).</summary>
    /// <param name="path">Its path.</param>
    /// <param name="what">The kind of file, for messages.</param>
    /// <param name="howToMake">A sentence that says how to make one.</param>
    /// <exception cref="InputException">It is missing, empty, or cannot be read; the message names it.</exception>
    public static (byte[] Bytes, string Sha256) Read(string path, string what, string howToMake)
    {
        if (Directory.Exists(path))
        {
            throw Bad(path, $"is a folder, not a file. {howToMake}");
        }

        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw Bad(path, $"no such file on {Environment.MachineName}. The {what} is read at this path "
                + "wherever the run is computed, on every silo of a cluster.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Bad(path, $"cannot be read: {e.Message}");
        }

        return bytes.Length > 0
            ? (bytes, Convert.ToHexStringLower(SHA256.HashData(bytes)))
            : throw Bad(path, $"is empty. {howToMake}");
    }

    /// <summary>An error about the file, where the spec names it.</summary>
    public static InputException Bad(string path, string what) => new($"energy.path: {path}: {what}");
}
