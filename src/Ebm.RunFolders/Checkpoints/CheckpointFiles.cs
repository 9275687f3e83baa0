using Ebm.Core;
using Ebm.Core.Checkpoints;

namespace Ebm.RunFolders.Checkpoints;

/// <summary>A <see cref="CheckpointImage"/> as the files of one directory, and back.</summary>
internal static class CheckpointFiles
{
    /// <summary>Writes every file, the manifest last, into an existing directory.</summary>
    public static Manifest Write(string directory, Checkpoint checkpoint)
    {
        var image = CheckpointImage.Of(checkpoint);
        foreach (var (file, content) in image.Manifest.Files.Zip(image.Contents))
        {
            DurableFiles.Write(Path.Combine(directory, file.Name), content.Span);
        }

        DurableFiles.Replace(Path.Combine(directory, Manifest.FileName), image.Manifest.Write());
        return image.Manifest;
    }

    /// <summary>Reads and verifies every file.</summary>
    /// <exception cref="InputException">Something is missing, torn or altered; the message names it.</exception>
    public static Checkpoint Read(string directory)
    {
        var manifest = Manifest.Read(Path.Combine(directory, Manifest.FileName));
        var contents = CheckpointImage.FilesOf(manifest, directory)
            .Select(file => (ReadOnlyMemory<byte>)ReadFile(directory, file));
        return new CheckpointImage(manifest, [.. contents]).Open(directory);
    }

    /// <summary>Reads and verifies the slots of one shard.</summary>
    /// <exception cref="InputException">They are missing, torn or altered; the message names the file.</exception>
    public static byte[] ReadSlots(string directory, int shard)
    {
        var manifest = Manifest.Read(Path.Combine(directory, Manifest.FileName));
        return ReadFile(directory, CheckpointImage.SlotsOf(manifest, shard, directory));
    }

    private static byte[] ReadFile(string directory, ManifestFile file)
    {
        var path = Path.Combine(directory, file.Name);
        byte[] content;
        try
        {
            content = File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{path} cannot be read: {e.Message}", e);
        }

        return CheckpointImage.Verified(file, content, directory);
    }
}
