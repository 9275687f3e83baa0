using System.Text.Json;
using System.Text.Json.Serialization;
using Ebm.Core.Recovery;

namespace Ebm.Core.Checkpoints;

/// <summary>
/// Manifest of a checkpoint directory. It is written last, so a directory with a manifest was complete at that time;
/// its digests show whether it is still intact.
/// </summary>
internal sealed record Manifest
{
    /// <summary>Version of the layout that this program writes and reads.</summary>
    public const int CurrentFormat = 1;

    /// <summary>Name of the file.</summary>
    public const string FileName = "manifest.json";

    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        RespectNullableAnnotations = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    private static readonly JsonSerializerOptions OnOneLine = new(Options) { WriteIndented = false };

    /// <summary>Version of the layout.</summary>
    public required int Format { get; init; }

    /// <inheritdoc cref="Checkpoint.RunId"/>
    public required string RunId { get; init; }

    /// <inheritdoc cref="Checkpoint.SpecDigest"/>
    public required string SpecDigest { get; init; }

    /// <inheritdoc cref="Checkpoint.DataDigest"/>
    public required string DataDigest { get; init; }

    /// <inheritdoc cref="Checkpoint.ModuleDigest"/>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ModuleDigest { get; init; }

    /// <inheritdoc cref="Checkpoint.Numerics"/>
    public required string Numerics { get; init; }

    /// <inheritdoc cref="Checkpoint.Attempt"/>
    public required int Attempt { get; init; }

    /// <inheritdoc cref="Checkpoint.AttemptBase"/>
    public required long AttemptBase { get; init; }

    /// <inheritdoc cref="Checkpoint.Round"/>
    public required long Round { get; init; }

    /// <inheritdoc cref="Checkpoint.Scheduled"/>
    public required bool Scheduled { get; init; }

    /// <inheritdoc cref="Checkpoint.OptimiserStep"/>
    public required long OptimiserStep { get; init; }

    /// <inheritdoc cref="Checkpoint.Rollbacks"/>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<RollbackRecord>? Rollbacks { get; init; }

    /// <summary>Number of shards with slots.</summary>
    public required int Shards { get; init; }

    /// <summary>SHA-256 of the flat little-endian float32 parameters.</summary>
    public required string ParametersSha256 { get; init; }

    /// <summary>SHA-256 of the complete state, see <see cref="StateDigest.OfState"/>.</summary>
    public required string StateSha256 { get; init; }

    /// <summary>The other files of the directory.</summary>
    public required IReadOnlyList<ManifestFile> Files { get; init; }

    /// <summary>SHA-256 of this manifest with this field empty; it protects the other fields.</summary>
    public string ManifestSha256 { get; init; } = "";

    /// <summary>Serialises the manifest, including its own digest.</summary>
    public byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(this with { ManifestSha256 = Digest() }, Options);

    /// <summary>Parses a manifest.</summary>
    /// <param name="bytes">Bytes of the file.</param>
    /// <param name="place">Place of the file, for messages.</param>
    /// <exception cref="InputException">The bytes are not a manifest of this format.</exception>
    public static Manifest Parse(ReadOnlySpan<byte> bytes, string place)
    {
        try
        {
            var manifest = JsonSerializer.Deserialize<Manifest>(bytes, Options);
            if (manifest is not { Format: CurrentFormat })
            {
                throw new InputException($"{place} has format {manifest?.Format}; expected {CurrentFormat}.");
            }

            return manifest.Digest() == manifest.ManifestSha256
                ? manifest
                : throw new InputException($"{place} was altered: its digest differs from its content.");
        }
        catch (JsonException e)
        {
            throw Unreadable(place, e);
        }
    }

    /// <summary>Rollbacks as JSON on one line, as in the digest of the state.</summary>
    internal static byte[] Compact(IReadOnlyList<RollbackRecord> rollbacks) =>
        JsonSerializer.SerializeToUtf8Bytes(rollbacks, OnOneLine);

    private string Digest() =>
        StateDigest.Of(JsonSerializer.SerializeToUtf8Bytes(this with { ManifestSha256 = "" }, Options));

    /// <exception cref="InputException">The file is not a manifest of this format.</exception>
    internal static Manifest Read(string path)
    {
        try
        {
            return Parse(File.ReadAllBytes(path), path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(path, e);
        }
    }

    private static InputException Unreadable(string place, Exception e) =>
        new($"{place} is not a readable checkpoint manifest: {e.Message}", e);
}

/// <summary>A file of a checkpoint.</summary>
/// <param name="Name">Its name in the directory.</param>
/// <param name="Length">Its length in bytes.</param>
/// <param name="Sha256">SHA-256 (hex) of its content.</param>
internal sealed record ManifestFile(string Name, long Length, string Sha256);
