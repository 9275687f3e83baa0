namespace Ebm.EndToEnd.Tests.Stored;

/// <summary>Silos of an earlier version understand those of this one, as in a rolling upgrade.</summary>
public sealed class WireNamesTests
{
    /// <summary>A variable with a file for the names of this version, where they are to be stored.</summary>
    private const string Target = "EBM_WIRE_NAMES";

    public static TheoryData<string> Versions => [.. StoredVersion.Names];

    [Theory, MemberData(nameof(Versions))]
    public void WireNames_OfAnEarlierVersion_AreAllKept(string version)
    {
        var now = WireNames.Read();
        if (Environment.GetEnvironmentVariable(Target) is { Length: > 0 } file)
        {
            File.WriteAllLines(file, now);
        }

        Assert.Empty(File.ReadLines(new StoredVersion(version).PathOf("wire-names.txt")).Except(now));
    }
}
