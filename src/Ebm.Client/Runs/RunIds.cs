using System.Security.Cryptography;
using System.Text;
using Ebm.Contracts.Runs;

namespace Ebm.Client.Runs;

/// <summary>How runs are called that the user gives no id.</summary>
internal static class RunIds
{
    private const int DigestLength = 6;

    /// <summary>The id of a spec and its lineage: the same twice is the same run.</summary>
    public static string Of(string name, string specDigest, Lineage? lineage)
    {
        var digest = lineage is null ? specDigest : Convert.ToHexStringLower(SHA256.HashData(
            Encoding.UTF8.GetBytes(FormattableString.Invariant(
                $"{specDigest}/{lineage.Round}/{lineage.ParametersSha256}"))));
        return $"{name}-{digest[..DigestLength]}";
    }
}
