using Ebm.Core;
using Ebm.RunFolders.Checkpoints;

namespace Ebm.Grains.Stores;

/// <summary>Files that are there whole or as they were before.</summary>
internal static class AtomicFile
{
    /// <summary>Writes a file beside its place and renames it there.</summary>
    /// <param name="path">The file.</param>
    /// <param name="bytes">Its new content.</param>
    /// <param name="durable">Return only when it would survive a loss of power; else it survives the death of the
    /// process.</param>
    /// <exception cref="EbmException">It cannot be written; the message names file and reason.</exception>
    public static void Write(string path, ReadOnlySpan<byte> bytes, bool durable = false)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            if (durable)
            {
                DurableFiles.Replace(path, bytes);
            }
            else
            {
                var draft = path + ".new";
                File.WriteAllBytes(draft, bytes);
                File.Move(draft, path, overwrite: true);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Failed(path, e);
        }
    }

    /// <summary>The error of a write that failed.</summary>
    public static EbmException Failed(string path, Exception reason) =>
        new($"{path} cannot be written: {reason.Message}", reason);
}
