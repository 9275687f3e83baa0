using Ebm.Core;

namespace Ebm.Configuration.Reading;

/// <summary>Where a node was written. Overrides have line 0 and the option as their file.</summary>
internal readonly record struct SpecPlace(string File, int Line, int Column)
{
    public bool IsOverride => Line == 0;

    public SpecProblem Problem(string path, string message) => new(File, Line, Column, path, message);
}

/// <summary>
/// A YAML text as a tree. Immutable, so an alias shares its anchor's node: a text that expands exponentially costs no
/// more than it has characters.
/// </summary>
internal abstract class SpecNode(SpecPlace place)
{
    public SpecPlace Place { get; } = place;

    /// <summary>What a message says was found.</summary>
    public abstract string Found { get; }

    public virtual bool IsNull => false;
}

internal sealed class SpecScalar(SpecPlace place, string text, bool plain) : SpecNode(place)
{
    public string Text { get; } = text;

    /// <summary>Whether it was written without quotes, so that it may be a number, a truth value or null.</summary>
    public bool Plain { get; } = plain;

    public override bool IsNull => Plain && Text is "" or "~" or "null" or "Null" or "NULL";

    public override string Found => IsNull ? "nothing" : Plain ? Quote.Text(Text) : $"the text {Quote.Text(Text)}";
}

internal sealed class SpecList(SpecPlace place, IReadOnlyList<SpecNode> items) : SpecNode(place)
{
    public IReadOnlyList<SpecNode> Items { get; } = items;

    public override string Found => "a list";
}

internal sealed class SpecMap(SpecPlace place, IReadOnlyList<KeyValuePair<SpecScalar, SpecNode>> entries)
    : SpecNode(place)
{
    public IReadOnlyList<KeyValuePair<SpecScalar, SpecNode>> Entries { get; } = entries;

    public override string Found => "a mapping";

    /// <summary>This map with one entry replaced, or added at the end.</summary>
    public SpecMap With(SpecScalar key, SpecNode value) =>
        new(Place, [.. Entries.Where(e => e.Key.Text != key.Text), new(key, value)]);
}
