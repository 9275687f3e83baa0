using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Ebm.Contracts.Runs;
using Ebm.Core;

namespace Ebm.Client.Runs;

/// <summary>How runs are called. An id is also a folder's name.</summary>
internal static partial class RunIds
{
    private const int DigestLength = 6;

    /// <summary>The id of a spec and its lineage: the same twice is the same run.</summary>
    public static string Of(string name, string specDigest, Lineage? lineage)
    {
        var digest = lineage is null ? specDigest : Convert.ToHexStringLower(SHA256.HashData(
            Encoding.UTF8.GetBytes(FormattableString.Invariant($"{specDigest}/{lineage.Round}/{lineage.ParametersSha256}"))));
        return $"{name}-{digest[..DigestLength]}";
    }

    /// <summary>The id itself, if it can be one.</summary>
    /// <exception cref="InputException">It cannot.</exception>
    public static string Checked(string id) => Allowed().IsMatch(id)
        ? id
        : throw new InputException(
            $"'{id}' cannot be a run's id; expected letters, digits, '-', '_' and '.', beginning with a letter or digit, at most 80.");

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$")]
    private static partial Regex Allowed();
}
