using Ebm.Client.Output;
using Ebm.Contracts.Models;
using Ebm.Core;

namespace Ebm.Client.Models;

/// <summary>A file of this machine that a cluster is to read.</summary>
internal static class UploadedFile
{
    /// <summary>Its content.</summary>
    /// <exception cref="InputException">It cannot be read, or is too long to be sent.</exception>
    public static byte[] Read(string path)
    {
        if (Directory.Exists(path))
        {
            throw new InputException($"{path} is a folder; a cluster takes one file. "
                + "Use one PNG, or save the rows as one NPY or IDX file.");
        }

        try
        {
            var length = new FileInfo(path).Length;
            return length <= IModelGrain.LongestFile
                ? File.ReadAllBytes(path)
                : throw new InputException(
                    $"{path} has {HumanFormat.Size(length)}; a cluster takes at most "
                        + $"{HumanFormat.Size(IModelGrain.LongestFile)}. Send it in parts.");
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new InputException($"{path}: no such file", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{path} cannot be read: {e.Message}", e);
        }
    }
}
