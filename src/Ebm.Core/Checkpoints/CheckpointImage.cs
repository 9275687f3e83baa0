using System.Globalization;

namespace Ebm.Core.Checkpoints;

/// <summary>
/// A checkpoint as named files and the manifest that lists them, and back: what it is made of, whatever it is stored
/// in. What comes back was verified by every digest there is.
/// </summary>
/// <param name="Manifest">Lists the files.</param>
/// <param name="Contents">The files, in the manifest's order.</param>
public sealed record CheckpointImage(Manifest Manifest, IReadOnlyList<ReadOnlyMemory<byte>> Contents)
{
    private const string ParametersFile = "parameters.safetensors", TrainerFile = "optimiser.safetensors";
    private const string Parameters = "parameters";

    /// <summary>The files of a checkpoint.</summary>
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

    /// <summary>The files to read for a manifest, in order.</summary>
    /// <param name="manifest">The manifest.</param>
    /// <param name="place">Where it lies, for the message.</param>
    /// <exception cref="InputException">It does not list the files of a checkpoint.</exception>
    public static IReadOnlyList<ManifestFile> FilesOf(Manifest manifest, string place) =>
        manifest.Shards == manifest.Files.Count - 2
            && manifest.Files.Select(f => f.Name).SequenceEqual(Names(manifest.Shards))
            ? manifest.Files
            : throw new InputException($"{place} does not list the files of a checkpoint with "
                + $"{manifest.Shards} shards.");

    /// <summary>The file with the slots of a shard.</summary>
    /// <exception cref="InputException">There is none.</exception>
    public static ManifestFile SlotsOf(Manifest manifest, int shard, string place) =>
        manifest.Files.FirstOrDefault(f => f.Name == SlotsFile(shard))
            ?? throw new InputException($"{place} has no slots of shard {shard}; "
                + $"it was made with {manifest.Shards} shards.");

    /// <summary>The content itself, if it is what the manifest says.</summary>
    /// <exception cref="InputException">It is torn or altered.</exception>
    public static byte[] Verified(ManifestFile file, byte[] content, string place)
    {
        if (content.Length != file.Length)
        {
            throw new InputException(
                $"{place}/{file.Name} is torn: it has {content.Length} bytes, its manifest says {file.Length}.");
        }

        return StateDigest.Of(content) == file.Sha256
            ? content
            : throw new InputException(
                $"{place}/{file.Name} was altered: its content does not have the digest of its manifest.");
    }

    /// <summary>The checkpoint of an image whose files were <see cref="Verified"/>.</summary>
    /// <exception cref="InputException">The files together are not what the manifest says.</exception>
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
                : throw new InputException($"{place} was altered: its content does not have the "
                    + "digests of its manifest.");
    }

    private static IEnumerable<string> Names(int shards) =>
        [ParametersFile, TrainerFile, .. Enumerable.Range(0, Math.Max(0, shards)).Select(SlotsFile)];

    private static Dictionary<long, ReadOnlyMemory<byte>> ReadVersions(
        ReadOnlyMemory<byte> content, string path, long round)
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
        : long.TryParse(
            name[(name.IndexOf('@', StringComparison.Ordinal) + 1)..], CultureInfo.InvariantCulture, out var version)
            && version < round && name == NameOf(version, round) ? version
        : throw new InputException($"{path} holds a tensor '{name}'; expected '{Parameters}' or "
            + $"'{Parameters}@<version>'.");

    private static string SlotsFile(int shard) => string.Create(CultureInfo.InvariantCulture, $"slots-{shard}.bin");

    private static byte[] Bytes(IReadOnlyList<NamedTensor> tensors)
    {
        using var buffer = new MemoryStream();
        Safetensors.Write(buffer, tensors);
        return buffer.ToArray();
    }
}
