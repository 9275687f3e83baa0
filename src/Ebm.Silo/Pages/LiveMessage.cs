namespace Ebm.Silo.Pages;

/// <summary>A message to a page.</summary>
/// <param name="Type">What kind of thing: the name of the server-sent event.</param>
/// <param name="Data">JSON.</param>
internal readonly record struct LiveMessage(string Type, string Data);
