namespace Ebm.Core.Likelihood;

/// <summary>
/// Which ways of estimating log Z have been shown to hold: on 100 seeded small models with exact log Z the bracket
/// contained the truth at least 95 times. <c>CertificateTests</c> does so for each name here.
/// </summary>
public static class ValidatedMethods
{
    /// <summary>Path and kernel.</summary>
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
