using Ebm.Core;

namespace Ebm.Configuration.Reading;

/// <summary>Source location of a node. Overrides have line 0 and the option as their file.</summary>
internal readonly record struct SpecLocation(string File, int Line, int Column)
{
    public bool IsOverride => Line == 0;

    public SpecProblem CreateProblem(string path, string message) => new(File, Line, Column, path, message);
}

/// <summary>
/// A YAML text as a tree. Nodes are immutable, so an alias shares its anchor's node: a text that expands exponentially
/// costs no more than its length.
/// </summary>
internal abstract class SpecNode(SpecLocation location)
{
    public SpecLocation Location { get; } = location;

    /// <summary>The node in the words of an error message.</summary>
    public abstract string Found { get; }

    public virtual bool IsNull => false;
}

internal sealed class SpecScalar(SpecLocation location, string text, bool plain) : SpecNode(location)
{
    public string Text { get; } = text;

    /// <summary>Whether it has no quotes, and so may be a number, a boolean or null.</summary>
    public bool Plain { get; } = plain;

    public override bool IsNull => Plain && Text is "" or "~" or "null" or "Null" or "NULL";

    public override string Found => IsNull ? "nothing" : Plain ? Quote.Text(Text) : $"the string {Quote.Text(Text)}";
}

internal sealed class SpecList(SpecLocation location, IReadOnlyList<SpecNode> items) : SpecNode(location)
{
    public IReadOnlyList<SpecNode> Items { get; } = items;

    public override string Found => "a list";
}

internal sealed class SpecMap(SpecLocation location, IReadOnlyList<KeyValuePair<SpecScalar, SpecNode>> entries)
    : SpecNode(location)
{
    public IReadOnlyList<KeyValuePair<SpecScalar, SpecNode>> Entries { get; } = entries;

    public override string Found => "a mapping";

    /// <summary>This map with one entry replaced, or added at the end.</summary>
    public SpecMap With(SpecScalar key, SpecNode value) =>
        new(Location, [.. Entries.Where(e => e.Key.Text != key.Text), new(key, value)]);
}
