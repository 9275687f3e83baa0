namespace Ebm.Core.Likelihood;

/// <summary>
/// Validated methods of estimating log Z: on 100 seeded small models of known log Z, at least 95 brackets contain it.
/// <c>CertificateTests</c> asserts this for each entry.
/// </summary>
internal static class ValidatedMethods
{
    /// <summary>The names of path and kernel.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        "rbm path, gibbs",
        "parameter path, gibbs",
        "energy path, gwg",
        "energy path, dmala",
        "energy path, mala",
        "energy path, hmc",
    ];
}
