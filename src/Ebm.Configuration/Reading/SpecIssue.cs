namespace Ebm.Configuration.Reading;

/// <summary>A rule between fields that a spec breaks.</summary>
/// <param name="Path">Field that the user would most likely change.</param>
/// <param name="Message">What does not fit, and what to write.</param>
/// <param name="Fields">The other fields that the rule looks at.</param>
public sealed record SpecIssue(string Path, string Message, params string[] Fields);
