using System.Security.Cryptography;
using Ebm.Core;

namespace Ebm.Silo.Access;

/// <summary>A key that signs tokens.</summary>
/// <param name="Name">Which of the keys it is; tokens name it.</param>
/// <param name="Secret">At least 32 bytes.</param>
public sealed record AccessKey(string Name, byte[] Secret)
{
    /// <summary>Least bytes of a secret, for HMAC with SHA-256.</summary>
    public const int LeastBytes = 32;

    /// <summary>A new one, from the system's randomness.</summary>
    public static AccessKey New(string name) => new(name, RandomNumberGenerator.GetBytes(LeastBytes));

    /// <summary>Its line in a file of keys.</summary>
    public string Line => $"{Name} {Convert.ToBase64String(Secret)}";
}

/// <summary>
/// The keys of a cluster, from a file with a line each: a name, a space, 32 bytes or more in base 64. The first one
/// signs, all of them count. The file is read again when it has changed, so keys are rotated without a restart: put the
/// new one first, let it reach all silos, and take the old one out when its tokens have expired.
/// </summary>
public sealed class AccessKeys
{
    private readonly ReloadingFile<KeySet> _keys;

    /// <summary>Reads a file.</summary>
    /// <exception cref="InputException">It cannot be read, or is no file of keys.</exception>
    public AccessKeys(string path, TimeProvider time) => _keys = new([path], () => Read(path), time);

    /// <summary>The keys as they are now.</summary>
    internal KeySet Current => _keys.Current;

    /// <summary>The keys in a file.</summary>
    /// <exception cref="InputException">It cannot be read, or is no file of keys.</exception>
    internal static KeySet Read(string path)
    {
        string[] lines;
        try
        {
            lines = File.ReadAllLines(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"access-keys: {path} cannot be read: {e.Message} Make one with: "
                + $"ebm token key > {path}", e);
        }

        var keys = new List<AccessKey>();
        for (var i = 0; i < lines.Length; i++)
        {
            if (lines[i].Trim() is { Length: > 0 } line && line[0] != '#')
            {
                keys.Add(Parse(line) ?? throw new InputException(
                    $"access-keys: {path}, line {i + 1}: expected a name, a space, and at least "
                        + $"{AccessKey.LeastBytes} bytes in base 64."));
            }
        }

        return keys.Count == 0
            ? throw new InputException($"access-keys: {path} has no key. Make one with: ebm token key >> {path}")
            : keys.DistinctBy(k => k.Name).Count() < keys.Count
                ? throw new InputException($"access-keys: {path} has two keys of one name.")
                : new KeySet(keys);
    }

    private static AccessKey? Parse(string line)
    {
        var parts = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var secret = new byte[parts.Length == 2 ? parts[1].Length : 0];
        return parts.Length == 2 && Convert.TryFromBase64String(parts[1], secret, out var length)
            && length >= AccessKey.LeastBytes
            ? new AccessKey(parts[0], secret[..length])
            : null;
    }
}

/// <summary>Keys at one time, and the marks of silos that follow from them.</summary>
internal sealed class KeySet(IReadOnlyList<AccessKey> keys)
{
    private static readonly byte[] Purpose = "ebm calls between silos"u8.ToArray();

    private readonly byte[][] _marks = [.. keys.Select(k => HMACSHA256.HashData(k.Secret, Purpose))];

    /// <summary>The keys, the one that signs first.</summary>
    public IReadOnlyList<AccessKey> Keys => keys;

    /// <summary>What a silo shows with its calls.</summary>
    public byte[] Mark => _marks[0];

    /// <summary>Whether that is what some silo shows.</summary>
    public bool IsSilo(byte[]? mark) =>
        mark is not null && _marks.Any(m => CryptographicOperations.FixedTimeEquals(m, mark));
}
