using Ebm.Client.Output;
using Ebm.Contracts.Models;
using Ebm.Core;

namespace Ebm.Client.Models;

/// <summary>A file of this machine that is sent to a cluster.</summary>
internal static class UploadedFile
{
    /// <summary>Reads its content.</summary>
    /// <exception cref="InputException">The file cannot be read, or is too large.</exception>
    public static byte[] Read(string path)
    {
        if (Directory.Exists(path))
        {
            throw new InputException(
                $"{path} is a folder. A cluster accepts one file: one PNG, or the rows in one NPY or IDX file.");
        }

        try
        {
            var length = new FileInfo(path).Length;
            return length <= IModelGrain.LongestFile
                ? File.ReadAllBytes(path)
                : throw new InputException(
                    $"{path} is too large: {HumanFormat.Size(length)}. "
                    + $"A cluster accepts at most {HumanFormat.Size(IModelGrain.LongestFile)}. Split the file.");
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
