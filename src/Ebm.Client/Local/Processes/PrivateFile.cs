namespace Ebm.Client.Local.Processes;

/// <summary>Files and folders that contain a password, so that no other user of the machine may read them.</summary>
internal static class PrivateFile
{
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Writes a file that has mode 0600 from its creation.</summary>
    public static void Write(string path, string text)
    {
        // An existing file would keep its mode.
        File.Delete(path);
        using var stream = new FileStream(
            path,
            new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = Owner });
        stream.Write(System.Text.Encoding.UTF8.GetBytes(text));
    }

    /// <summary>Creates a folder of mode 0700.</summary>
    public static void Folder(string path) => Directory.CreateDirectory(path, Owner | UnixFileMode.UserExecute);
}
