using System.Text.RegularExpressions;
using Ebm.EndToEnd.Tests.Console;

namespace Ebm.EndToEnd.Tests.Stored;

/// <summary>
/// A run that is trained here has the names of a stored one: a member of a record under another name would be read
/// as absent, without an error.
/// </summary>
public sealed partial class StoredNamesTests : IDisposable
{
    /// <summary>Files that are read again when a run resumes or is shown.</summary>
    private static readonly string[] Records = ["run.json", "manifest.json", "events.jsonl", "metrics.jsonl"];

    private readonly EbmConsole _console = new();

    public static TheoryData<string> Versions => [.. StoredVersion.Names];

    public void Dispose() => _console.Dispose();

    [Theory, MemberData(nameof(Versions))]
    public Task Train_FromTheParametersOfAStoredRun_WritesItsNamesAndDigests(string version) =>
        AssertSameNames(version, "bits", "bits", "--from", "parent@20");

    [Theory, MemberData(nameof(Versions))]
    public Task Train_OfARunThatRollsBack_WritesItsNamesAndDigests(string version) =>
        AssertSameNames(version, "rolled-back", "moons");

    private async Task AssertSameNames(string version, string run, string spec, params string[] more)
    {
        var stored = new StoredVersion(version);
        await stored.Unpack(_console.Home);

        await stored.AssertEnd(spec, await _console.Run(
            ["train", stored.Spec(spec), "--id", "again", "--output", "json", .. more]));

        Assert.Empty(Names(Path.Combine(_console.Home, run)).Except(Names(Path.Combine(_console.Home, "again"))));
    }

    /// <summary>The files of a folder, with # for numbers, and the members of records and lines of the spec.</summary>
    private static IEnumerable<string> Names(string folder) =>
        from file in Directory.GetFiles(folder, "*", SearchOption.AllDirectories)
        from content in Content(file).Prepend("")
        select $"{Number().Replace(Path.GetRelativePath(folder, file), "#")} {content}";

    private static IEnumerable<string> Content(string file) => Path.GetFileName(file) switch
    {
        "spec.yaml" => File.ReadLines(file),
        var name when Records.Contains(name) => JsonFile.Read(file).SelectMany(json => JsonFile.Members(json)),
        _ => [],
    };

    [GeneratedRegex("[0-9]+")]
    private static partial Regex Number();
}
