using System.Globalization;

namespace Ebm.Core.Checkpoints;

/// <summary>A checkpoint as the files of one directory, and back.</summary>
internal static class CheckpointFiles
{
    private const string ParametersFile = "parameters.safetensors", TrainerFile = "optimiser.safetensors";
    private const string Parameters = "parameters";

    /// <summary>Writes every file, the manifest last, into an existing directory.</summary>
    public static Manifest Write(string directory, Checkpoint checkpoint)
    {
        var files = new List<ManifestFile>
        {
            WriteFile(directory, ParametersFile, Bytes([.. checkpoint.Versions
                .OrderByDescending(v => v.Key)
                .Select(v => new NamedTensor(
                    NameOf(v.Key, checkpoint.Round), ElementType.F32, [v.Value.Length / sizeof(float)], v.Value))])),
            WriteFile(directory, TrainerFile, Bytes(checkpoint.Trainer)),
        };
        files.AddRange(checkpoint.Slots.Select((slots, shard) => WriteFile(directory, SlotsFile(shard), slots.Span)));
        var manifest = new Manifest
        {
            Format = Manifest.CurrentFormat,
            RunId = checkpoint.RunId,
            SpecDigest = checkpoint.SpecDigest,
            DataDigest = checkpoint.DataDigest,
            Numerics = checkpoint.Numerics,
            Attempt = checkpoint.Attempt,
            AttemptBase = checkpoint.AttemptBase,
            Round = checkpoint.Round,
            Scheduled = checkpoint.Scheduled,
            OptimiserStep = checkpoint.OptimiserStep,
            Shards = checkpoint.Slots.Count,
            ParametersSha256 = StateDigest.OfParameters(checkpoint),
            StateSha256 = StateDigest.OfState(checkpoint),
            Files = files,
        };
        DurableFiles.Replace(Path.Combine(directory, Manifest.FileName), manifest.Write());
        return manifest;
    }

    /// <summary>Reads and verifies every file.</summary>
    /// <exception cref="InputException">Something is missing, torn or altered; the message names it.</exception>
    public static Checkpoint Read(string directory)
    {
        var manifest = Manifest.Read(Path.Combine(directory, Manifest.FileName));
        string[] expected = [ParametersFile, TrainerFile, .. manifest.Files.Skip(2).Select((_, shard) => SlotsFile(shard))];
        if (manifest.Shards != expected.Length - 2 || !manifest.Files.Select(f => f.Name).SequenceEqual(expected))
        {
            throw new InputException($"{directory} does not list the files of a checkpoint with {manifest.Shards} shards.");
        }

        var contents = manifest.Files.ToDictionary(f => f.Name, f => ReadFile(directory, f));
        var checkpoint = new Checkpoint
        {
            RunId = manifest.RunId,
            SpecDigest = manifest.SpecDigest,
            DataDigest = manifest.DataDigest,
            Numerics = manifest.Numerics,
            Attempt = manifest.Attempt,
            AttemptBase = manifest.AttemptBase,
            Round = manifest.Round,
            Scheduled = manifest.Scheduled,
            OptimiserStep = manifest.OptimiserStep,
            Versions = ReadVersions(contents[ParametersFile], Path.Combine(directory, ParametersFile), manifest.Round),
            Trainer = Safetensors.Read(contents[TrainerFile], Path.Combine(directory, TrainerFile)),
            Slots = [.. Enumerable.Range(0, manifest.Shards).Select(shard => (ReadOnlyMemory<byte>)contents[SlotsFile(shard)])],
        };
        return StateDigest.OfParameters(checkpoint) == manifest.ParametersSha256
            && StateDigest.OfState(checkpoint) == manifest.StateSha256
                ? checkpoint
                : throw new InputException($"{directory} was altered: its content does not have the digests of its manifest.");
    }

    /// <summary>Reads and verifies the slots of one shard.</summary>
    /// <exception cref="InputException">They are missing, torn or altered; the message names the file.</exception>
    public static byte[] ReadSlots(string directory, int shard)
    {
        var manifest = Manifest.Read(Path.Combine(directory, Manifest.FileName));
        var file = manifest.Files.FirstOrDefault(f => f.Name == SlotsFile(shard))
            ?? throw new InputException($"{directory} has no slots of shard {shard}; it was made with {manifest.Shards} shards.");
        return ReadFile(directory, file);
    }

    private static Dictionary<long, ReadOnlyMemory<byte>> ReadVersions(byte[] content, string path, long round)
    {
        var versions = Safetensors.Read(content, path).ToDictionary(t => VersionOf(t.Name, round, path), t => t.Bytes);
        return versions.ContainsKey(round)
            ? versions
            : throw new InputException($"{path} does not hold '{Parameters}'.");
    }

    private static string NameOf(long version, long round) =>
        version == round ? Parameters : string.Create(CultureInfo.InvariantCulture, $"{Parameters}@{version}");

    private static long VersionOf(string name, long round, string path) =>
        name == Parameters ? round
        : long.TryParse(name[(name.IndexOf('@', StringComparison.Ordinal) + 1)..], CultureInfo.InvariantCulture, out var version)
            && version < round && name == NameOf(version, round) ? version
        : throw new InputException($"{path} holds a tensor '{name}'; expected '{Parameters}' or '{Parameters}@<version>'.");

    private static string SlotsFile(int shard) => string.Create(CultureInfo.InvariantCulture, $"slots-{shard}.bin");

    private static byte[] Bytes(IReadOnlyList<NamedTensor> tensors)
    {
        using var buffer = new MemoryStream();
        Safetensors.Write(buffer, tensors);
        return buffer.ToArray();
    }

    private static ManifestFile WriteFile(string directory, string name, ReadOnlySpan<byte> content)
    {
        DurableFiles.Write(Path.Combine(directory, name), content);
        return new ManifestFile(name, content.Length, StateDigest.Of(content));
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

        if (content.Length != file.Length)
        {
            throw new InputException($"{path} is torn: it has {content.Length} bytes, its manifest says {file.Length}.");
        }

        return StateDigest.Of(content) == file.Sha256
            ? content
            : throw new InputException($"{path} was altered: its content does not have the digest of its manifest.");
    }
}
