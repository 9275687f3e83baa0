using System.Runtime.InteropServices;

namespace Ebm.RunFolders.Checkpoints;

/// <summary>Writes that survive a loss of power once they return.</summary>
internal static partial class DurableFiles
{
    /// <summary>Writes a new file and flushes it to the disk.</summary>
    public static void Write(string path, ReadOnlySpan<byte> content)
    {
        using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        file.Write(content);
        file.Flush(flushToDisk: true);
    }

    /// <summary>Replaces a file in one step: it has the old content or the new.</summary>
    public static void Replace(string path, ReadOnlySpan<byte> content)
    {
        var temporary = path + ".new";
        Write(temporary, content);
        File.Move(temporary, path, overwrite: true);
        SyncDirectory(Path.GetDirectoryName(path)!);
    }

    /// <summary>Flushes a directory's entries: without it a rename may be undone by a loss of power.</summary>
    public static void SyncDirectory(string path)
    {
        const int ReadOnly = 0;
        var descriptor = Open(path, ReadOnly);
        if (descriptor < 0)
        {
            throw new IOException($"{path} cannot be opened to flush it: {Marshal.GetLastPInvokeErrorMessage()}");
        }

        var result = Sync(descriptor);
        var reason = Marshal.GetLastPInvokeErrorMessage();
        _ = Close(descriptor);
        if (result != 0)
        {
            throw new IOException($"{path} cannot be flushed to the disk: {reason}");
        }
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Sync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Close(int descriptor);
}
