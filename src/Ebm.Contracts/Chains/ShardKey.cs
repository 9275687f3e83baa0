using System.Globalization;
using Ebm.Core;

namespace Ebm.Contracts.Chains;

/// <summary>A shard of a run; its text form is the chain grain's key.</summary>
internal readonly record struct ShardKey(string Run, int Shard)
{
    /// <summary>The shard of a chain grain's key.</summary>
    /// <exception cref="InputException">The key has another form.</exception>
    public static ShardKey Parse(string key)
    {
        var slash = key.LastIndexOf('/');
        var number = key.AsSpan(slash + 1);
        return slash > 0 && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var shard)
            ? new ShardKey(key[..slash], shard)
            : throw new InputException($"'{key}' is not a shard; expected 'run/number'.");
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Run}/{Shard}");
}
