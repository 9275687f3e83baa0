namespace Ebm.Configuration.Reading;

/// <summary>Violation of a rule between fields.</summary>
/// <param name="Path">Field that the user would most likely change.</param>
/// <param name="Message">The conflict and its remedy.</param>
/// <param name="Fields">The other fields of the rule.</param>
internal sealed record SpecIssue(string Path, string Message, params string[] Fields);
