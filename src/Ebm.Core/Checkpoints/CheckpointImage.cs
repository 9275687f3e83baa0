using System.Globalization;

namespace Ebm.Core.Checkpoints;

/// <summary>
/// A checkpoint as named files and a manifest that lists them, independent of the store. An opened image has passed all
/// digest checks.
/// </summary>
/// <param name="Manifest">The manifest.</param>
/// <param name="Contents">Contents of the files, in the manifest's order.</param>
internal sealed record CheckpointImage(Manifest Manifest, IReadOnlyList<ReadOnlyMemory<byte>> Contents)
{
    private const string ParametersFile = "parameters.safetensors", TrainerFile = "optimiser.safetensors";
    private const string Parameters = "parameters";

    /// <summary>Creates the image of a checkpoint.</summary>
    public static CheckpointImage Of(Checkpoint checkpoint)
    {
        var versions = checkpoint.Versions
            .OrderByDescending(v => v.Key)
            .Select(v => new NamedTensor(
                NameOf(v.Key, checkpoint.Round), ElementType.F32, [v.Value.Length / sizeof(float)], v.Value));
        ReadOnlyMemory<byte>[] contents = [Bytes([.. versions]), Bytes(checkpoint.Trainer), .. checkpoint.Slots];
        var manifest = new Manifest
        {
            Format = Manifest.CurrentFormat,
            RunId = checkpoint.RunId,
            SpecDigest = checkpoint.SpecDigest,
            DataDigest = checkpoint.DataDigest,
            ModuleDigest = checkpoint.ModuleDigest,
            Numerics = checkpoint.Numerics,
            Attempt = checkpoint.Attempt,
            AttemptBase = checkpoint.AttemptBase,
            Round = checkpoint.Round,
            Scheduled = checkpoint.Scheduled,
            OptimiserStep = checkpoint.OptimiserStep,
            Rollbacks = checkpoint.Rollbacks.Count > 0 ? checkpoint.Rollbacks : null,
            Shards = checkpoint.Slots.Count,
            ParametersSha256 = StateDigest.OfParameters(checkpoint),
            StateSha256 = StateDigest.OfState(checkpoint),
            Files = [.. Names(checkpoint.Slots.Count).Zip(
                contents, (name, content) => new ManifestFile(name, content.Length, StateDigest.Of(content.Span)))],
        };
        return new CheckpointImage(manifest, contents);
    }

    /// <summary>The files of a manifest, in order.</summary>
    /// <param name="manifest">The manifest.</param>
    /// <param name="place">Place of the manifest, for messages.</param>
    /// <exception cref="InputException">The manifest does not list the files of a checkpoint.</exception>
    public static IReadOnlyList<ManifestFile> FilesOf(Manifest manifest, string place) =>
        manifest.Shards == manifest.Files.Count - 2
            && manifest.Files.Select(f => f.Name).SequenceEqual(Names(manifest.Shards))
            ? manifest.Files
            : throw new InputException(
                $"{place} does not list the files of a checkpoint with {manifest.Shards} shards.");

    /// <summary>The file of a shard's slots.</summary>
    /// <exception cref="InputException">The shard has no file.</exception>
    public static ManifestFile SlotsOf(Manifest manifest, int shard, string place) =>
        manifest.Files.FirstOrDefault(f => f.Name == SlotsFile(shard))
            ?? throw new InputException(
                $"{place} has no slots of shard {shard}; the checkpoint has {manifest.Shards} shards.");

    /// <summary>Returns the content after checking length and digest against the manifest.</summary>
    /// <exception cref="InputException">The file is truncated or altered.</exception>
    public static byte[] Verified(ManifestFile file, byte[] content, string place)
    {
        if (content.Length != file.Length)
        {
            throw new InputException(
                $"{place}/{file.Name} is incomplete: it has {content.Length} bytes; the manifest lists {file.Length}.");
        }

        return StateDigest.Of(content) == file.Sha256
            ? content
            : throw new InputException(
                $"{place}/{file.Name} was altered: its digest differs from the manifest's.");
    }

    /// <summary>Opens the checkpoint of an image whose files were <see cref="Verified"/>.</summary>
    /// <exception cref="InputException">The files do not match the digests of the manifest.</exception>
    public Checkpoint Open(string place)
    {
        var checkpoint = new Checkpoint
        {
            RunId = Manifest.RunId,
            SpecDigest = Manifest.SpecDigest,
            DataDigest = Manifest.DataDigest,
            ModuleDigest = Manifest.ModuleDigest,
            Numerics = Manifest.Numerics,
            Attempt = Manifest.Attempt,
            AttemptBase = Manifest.AttemptBase,
            Round = Manifest.Round,
            Scheduled = Manifest.Scheduled,
            OptimiserStep = Manifest.OptimiserStep,
            Rollbacks = Manifest.Rollbacks ?? [],
            Versions = ReadVersions(Contents[0], $"{place}/{ParametersFile}", Manifest.Round),
            Trainer = Safetensors.Read(Contents[1], $"{place}/{TrainerFile}"),
            Slots = [.. Contents.Skip(2)],
        };
        return StateDigest.OfParameters(checkpoint) == Manifest.ParametersSha256
            && StateDigest.OfState(checkpoint) == Manifest.StateSha256
                ? checkpoint
                : throw new InputException($"{place} was altered: its digests differ from the manifest's.");
    }

    private static IEnumerable<string> Names(int shards) =>
        [ParametersFile, TrainerFile, .. Enumerable.Range(0, Math.Max(0, shards)).Select(SlotsFile)];

    private static Dictionary<long, ReadOnlyMemory<byte>> ReadVersions(
        ReadOnlyMemory<byte> content, string path, long round)
    {
        var versions = Safetensors.Read(content, path).ToDictionary(t => VersionOf(t.Name, round, path), t => t.Bytes);
        return versions.ContainsKey(round)
            ? versions
            : throw new InputException($"{path} has no tensor '{Parameters}'.");
    }

    private static string NameOf(long version, long round) =>
        version == round ? Parameters : string.Create(CultureInfo.InvariantCulture, $"{Parameters}@{version}");

    private static long VersionOf(string name, long round, string path)
    {
        var number = name[(name.IndexOf('@', StringComparison.Ordinal) + 1)..];
        return name == Parameters ? round
            : long.TryParse(number, CultureInfo.InvariantCulture, out var version)
                && version < round && name == NameOf(version, round) ? version
            : throw new InputException(
                $"{path} has a tensor '{name}'; expected '{Parameters}' or '{Parameters}@<version>'.");
    }

    private static string SlotsFile(int shard) => string.Create(CultureInfo.InvariantCulture, $"slots-{shard}.bin");

    private static byte[] Bytes(IReadOnlyList<NamedTensor> tensors)
    {
        using var buffer = new MemoryStream();
        Safetensors.Write(buffer, tensors);
        return buffer.ToArray();
    }
}
