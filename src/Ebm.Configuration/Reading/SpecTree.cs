using Ebm.Core;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Ebm.Configuration.Reading;

/// <summary>
/// Reads YAML into <see cref="SpecNode"/>s from the parser's events. (YamlDotNet builds its own tree by unlimited
/// recursion and compares nodes by value: a deep text would end the process, and an alias would lose its location.)
/// </summary>
internal sealed class SpecTree
{
    // Deeper and longer than any spec; parsing stops at the first event beyond.
    private const int DeepestNesting = 32;
    private const int MostNodes = 20_000;

    private readonly Parser _parser;
    private readonly Func<Mark, SpecLocation> _location;
    private readonly List<SpecProblem> _problems;
    private readonly Dictionary<AnchorName, SpecNode> _anchors = [];
    private int _nodes;
    private Mark _last = Mark.Empty;
    private readonly Stack<(Mark Start, char Bracket)> _unclosed = [];

    private SpecTree(string text, Func<Mark, SpecLocation> location, List<SpecProblem> problems)
    {
        _parser = new Parser(new StringReader(text));
        _location = location;
        _problems = problems;
    }

    /// <summary>The tree of a file's one document. Duplicate keys are added to the problems.</summary>
    /// <exception cref="SpecException">The text is not YAML, or not one document.</exception>
    public static SpecNode ReadFile(string text, string file, List<SpecProblem> problems)
    {
        // The parser adds a line break at the end of the text; problems there belong to the last line.
        var lines = text.ReplaceLineEndings("\n").Split('\n');
        return Read(text, mark => mark.Line <= lines.Length
            ? new SpecLocation(file, (int)mark.Line, (int)mark.Column)
            : new SpecLocation(file, lines.Length, lines[^1].Length + 1), problems);
    }

    /// <summary>The tree of the value of <c>--set path=value</c>.</summary>
    public static SpecNode ReadOverride(string value, SpecLocation location, List<SpecProblem> problems) =>
        Read(value, _ => location, problems);

    private static SpecNode Read(string text, Func<Mark, SpecLocation> location, List<SpecProblem> problems)
    {
        var tree = new SpecTree(text, location, problems);
        try
        {
            return tree.ReadDocument();
        }
        catch (YamlException e) when (e.Start.Index >= text.TrimEnd().Length && tree.FindUnclosed() is { } unclosed)
        {
            throw unclosed;
        }
        catch (YamlException e)
        {
            throw TabAt(text, e) is { } tab
                ? new SpecException([location(tab)
                .CreateProblem("", "a tab in the indentation; YAML is indented by spaces")])
                : new SpecException([location(e.Start)
                .CreateProblem("", $"not valid YAML: {Quote.Bare(e.Message.TrimEnd('.'))}")]);
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException)
        {
            // The parser throws these at the end of a text inside a list or a mapping, among others.
            throw tree.FindUnclosed()
                ?? new SpecException([location(tree._last).CreateProblem("",
                    "not valid YAML: the text ends inside this value")]);
        }
    }

    // For a tab, the commonest mistake, the parser's message names the start of the mapping and not the tab.
    private static Mark? TabAt(string text, YamlException e)
    {
        var lines = text.Split('\n');
        var last = e.Message.Contains("tab", StringComparison.Ordinal)
            ? lines.Length
            : Math.Min(e.End.Line, lines.Length);
        for (var line = e.Start.Line; line <= last; line++)
        {
            var indentation = lines[line - 1].TakeWhile(char.IsWhiteSpace).ToList();
            if (indentation.IndexOf('\t') is var column and >= 0)
            {
                return new Mark(0, line, column + 1);
            }
        }

        return null;
    }

    private SpecNode ReadDocument()
    {
        _parser.Consume<StreamStart>();
        if (_parser.Accept<StreamEnd>(out var end))
        {
            return new SpecScalar(_location(end.Start), "", plain: true);
        }

        _parser.Consume<DocumentStart>();
        var root = ReadNode(0);
        _parser.Consume<DocumentEnd>();
        return _parser.Accept<DocumentStart>(out var second)
            ? throw CreateError(second, "a second YAML document starts here; expected one")
            : root;
    }

    private SpecNode ReadNode(int depth)
    {
        var at = _parser.Current ?? throw new InvalidOperationException("The parser has ended.");
        _last = at.Start;
        if (depth > DeepestNesting || ++_nodes > MostNodes)
        {
            throw CreateError(at, depth > DeepestNesting
                ? $"nested too deep; at most {DeepestNesting} levels are allowed"
                : $"too many values; at most {MostNodes} are allowed");
        }

        if (_parser.TryConsume<AnchorAlias>(out var alias))
        {
            return _anchors.TryGetValue(alias.Value, out var anchored)
                ? anchored
                : throw CreateError(alias, $"unknown alias *{Quote.Bare(alias.Value.Value)}; "
                + "its anchor must come first");
        }

        if (at is NodeEvent { Tag: { IsEmpty: false, IsNonSpecific: false } })
        {
            throw CreateError(at, "YAML tags (!name) are not supported; write the value without its tag");
        }

        SpecNode node = at switch
        {
            SequenceStart => ReadList(depth),
            MappingStart => ReadMap(depth),
            _ => ReadScalar(),
        };
        if (at is NodeEvent { Anchor: { IsEmpty: false } anchor })
        {
            _anchors[anchor] = node;
        }

        return node;
    }

    private SpecScalar ReadScalar()
    {
        var scalar = _parser.Consume<YamlDotNet.Core.Events.Scalar>();
        return new SpecScalar(_location(scalar.Start), scalar.Value, scalar.Style == ScalarStyle.Plain);
    }

    private SpecList ReadList(int depth)
    {
        var start = (SequenceStart)_parser.Current!;
        Open(start.Start, start.Style == SequenceStyle.Flow, '[');
        _parser.Consume<SequenceStart>();
        var items = new List<SpecNode>();
        while (!_parser.Accept<SequenceEnd>(out _))
        {
            items.Add(ReadNode(depth + 1));
        }

        Close(start.Style == SequenceStyle.Flow);
        _parser.Consume<SequenceEnd>();
        return new SpecList(_location(start.Start), items);
    }

    private SpecMap ReadMap(int depth)
    {
        var start = (MappingStart)_parser.Current!;
        Open(start.Start, start.Style == MappingStyle.Flow, '{');
        _parser.Consume<MappingStart>();
        var entries = new List<KeyValuePair<SpecScalar, SpecNode>>();
        var seen = new Dictionary<string, SpecLocation>(StringComparer.Ordinal);
        while (!_parser.Accept<MappingEnd>(out _))
        {
            var at = _parser.Current!;
            if (ReadNode(depth + 1) is not SpecScalar key)
            {
                throw CreateError(at, "expected a key such as name:, found a list or a mapping");
            }

            var value = ReadNode(depth + 1);
            if (seen.TryAdd(key.Text, key.Location))
            {
                entries.Add(new(key, value));
            }
            else
            {
                var first = seen[key.Text];
                _problems.Add(key.Location.CreateProblem(Quote.Bare(key.Text), first.IsOverride
                    ? "duplicate key"
                    : $"duplicate key; line {first.Line} has it already"));
            }
        }

        Close(start.Style == MappingStyle.Flow);
        _parser.Consume<MappingEnd>();
        return new SpecMap(_location(start.Start), entries);
    }

    private SpecException? FindUnclosed() => _unclosed.TryPeek(out var open)
        ? new([_location(open.Start).CreateProblem("", $"not valid YAML: unclosed '{open.Bracket}'")])
        : null;

    // Consuming an event parses the one after it, so a bracket is noted before its event is consumed.
    private void Open(Mark start, bool flow, char bracket)
    {
        if (flow)
        {
            _unclosed.Push((start, bracket));
        }
    }

    private void Close(bool flow)
    {
        if (flow)
        {
            _unclosed.Pop();
        }
    }

    private SpecException CreateError(ParsingEvent at, string message) =>
        new([_location(at.Start).CreateProblem("", message)]);
}
