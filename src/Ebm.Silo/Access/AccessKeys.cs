using System.Security.Cryptography;
using Ebm.Core;

namespace Ebm.Silo.Access;

/// <summary>A key that signs tokens.</summary>
/// <param name="Name">Its name, which tokens contain.</param>
/// <param name="Secret">At least 32 bytes.</param>
internal sealed record AccessKey(string Name, byte[] Secret)
{
    /// <summary>Minimum number of bytes of a secret, for HMAC-SHA-256.</summary>
    public const int MinimumBytes = 32;

    /// <summary>Creates a random key.</summary>
    public static AccessKey New(string name) => new(name, RandomNumberGenerator.GetBytes(MinimumBytes));

    /// <summary>Its line in a key file.</summary>
    public string Line => $"{Name} {Convert.ToBase64String(Secret)}";
}

/// <summary>
/// The keys of a cluster, from a file with one key a line: a name, a space, 32 bytes or more in base 64. The first key
/// signs, all keys verify. The file is reloaded when it has changed, so keys are rotated without a restart: add the new
/// key as the first line, wait until all silos have it, and remove the old key when its tokens have expired.
/// </summary>
internal sealed class AccessKeys
{
    private readonly ReloadingFile<KeySet> _keys;

    /// <summary>Reads a key file.</summary>
    /// <exception cref="InputException">The file cannot be read, or is not a key file.</exception>
    public AccessKeys(string path, TimeProvider time) => _keys = new([path], () => Read(path), time);

    /// <summary>The current keys.</summary>
    internal KeySet Current => _keys.Current;

    /// <summary>Reads the keys of a file.</summary>
    /// <exception cref="InputException">The file cannot be read, or is not a key file.</exception>
    internal static KeySet Read(string path)
    {
        string[] lines;
        try
        {
            lines = File.ReadAllLines(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException(
                $"access-keys: {path} cannot be read: {e.Message} To create a key file: ebm token key > {path}", e);
        }

        var keys = new List<AccessKey>();
        for (var i = 0; i < lines.Length; i++)
        {
            if (lines[i].Trim() is { Length: > 0 } line && line[0] != '#')
            {
                keys.Add(Parse(line) ?? throw new InputException(
                    $"access-keys: {path}, line {i + 1}: not a key. "
                    + $"Expected a name, a space, and at least {AccessKey.MinimumBytes} bytes in base 64."));
            }
        }

        return keys.Count == 0
            ? throw new InputException($"access-keys: {path} has no key. To add one: ebm token key >> {path}")
            : keys.DistinctBy(k => k.Name).Count() < keys.Count
                ? throw new InputException($"access-keys: {path} has two keys of the same name. Rename one.")
                : new KeySet(keys);
    }

    private static AccessKey? Parse(string line)
    {
        var parts = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var secret = new byte[parts.Length == 2 ? parts[1].Length : 0];
        return parts.Length == 2 && Convert.TryFromBase64String(parts[1], secret, out var length)
            && length >= AccessKey.MinimumBytes
                ? new AccessKey(parts[0], secret[..length])
                : null;
    }
}

/// <summary>The keys of one version of the file, and the silos' marks that are derived from them.</summary>
internal sealed class KeySet(IReadOnlyList<AccessKey> keys)
{
    private static readonly byte[] Purpose = "ebm calls between silos"u8.ToArray();

    private readonly byte[][] _marks = [.. keys.Select(k => HMACSHA256.HashData(k.Secret, Purpose))];

    /// <summary>The keys; the first one signs.</summary>
    public IReadOnlyList<AccessKey> Keys => keys;

    /// <summary>The mark that authenticates a silo's calls.</summary>
    public byte[] Mark => _marks[0];

    /// <summary>Whether a mark is that of a silo.</summary>
    public bool IsSilo(byte[]? mark) =>
        mark is not null && _marks.Any(m => CryptographicOperations.FixedTimeEquals(m, mark));
}
