using Ebm.Core;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Ebm.Configuration.Reading;

/// <summary>
/// Reads YAML into <see cref="SpecNode"/>s from the parser's events. (YamlDotNet's own tree is built by recursion
/// without a limit and compares nodes by value: a deep text ends the process, and an alias loses its place.)
/// </summary>
internal sealed class SpecTree
{
    // Deeper and longer than any spec; the parser is stopped at the first event beyond.
    private const int DeepestNesting = 32;
    private const int MostNodes = 20_000;

    private readonly Parser _parser;
    private readonly Func<Mark, SpecPlace> _place;
    private readonly List<SpecProblem> _problems;
    private readonly Dictionary<AnchorName, SpecNode> _anchors = [];
    private int _nodes;
    private Mark _last = Mark.Empty;

    private SpecTree(string text, Func<Mark, SpecPlace> place, List<SpecProblem> problems)
    {
        _parser = new Parser(new StringReader(text));
        _place = place;
        _problems = problems;
    }

    /// <summary>The tree of a file's one document. Duplicate keys are added to the problems.</summary>
    /// <exception cref="SpecException">The text is not YAML, or not one document.</exception>
    public static SpecNode ReadFile(string text, string file, List<SpecProblem> problems)
    {
        // The parser sees a line break at the end that is not in the text; what it finds beyond is at the end.
        var lines = text.ReplaceLineEndings("\n").Split('\n');
        return Read(text, mark => mark.Line <= lines.Length
            ? new SpecPlace(file, (int)mark.Line, (int)mark.Column)
            : new SpecPlace(file, lines.Length, lines[^1].Length + 1), problems);
    }

    /// <summary>The tree of the value of <c>--set path=value</c>.</summary>
    public static SpecNode ReadOverride(string value, SpecPlace place, List<SpecProblem> problems) =>
        Read(value, _ => place, problems);

    private static SpecNode Read(string text, Func<Mark, SpecPlace> place, List<SpecProblem> problems)
    {
        var tree = new SpecTree(text, place, problems);
        try
        {
            return tree.Document();
        }
        catch (YamlException e)
        {
            throw TabAt(text, e) is { } tab
                ? new SpecException([place(tab).Problem("", "a tab in the indentation; YAML is indented by spaces")])
                : new SpecException([place(e.Start)
                    .Problem("", $"not valid YAML: {Quote.Bare(e.Message.TrimEnd('.'))}")]);
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException)
        {
            // How the parser ends on a text that stops inside a list or a mapping, among others.
            throw new SpecException([place(tree._last).Problem("", "not valid YAML: what starts here does not end")]);
        }
    }

    // The parser's message for the commonest mistake of all names the mapping's start, not the tab.
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

    private SpecNode Document()
    {
        _parser.Consume<StreamStart>();
        if (_parser.Accept<StreamEnd>(out var end))
        {
            return new SpecScalar(_place(end.Start), "", plain: true);
        }

        _parser.Consume<DocumentStart>();
        var root = Node(0);
        _parser.Consume<DocumentEnd>();
        return _parser.Accept<DocumentStart>(out var second)
            ? throw Refused(second, "a second document starts here; a spec is one document")
            : root;
    }

    private SpecNode Node(int depth)
    {
        var at = _parser.Current ?? throw new InvalidOperationException("The parser has ended.");
        _last = at.Start;
        if (depth > DeepestNesting || ++_nodes > MostNodes)
        {
            throw Refused(at, depth > DeepestNesting
                ? $"nested more than {DeepestNesting} deep; no spec is"
                : $"more than {MostNodes} values; no spec has as many");
        }

        if (_parser.TryConsume<AnchorAlias>(out var alias))
        {
            return _anchors.TryGetValue(alias.Value, out var anchored)
                ? anchored
                : throw Refused(alias, $"the alias *{Quote.Bare(alias.Value.Value)} has no anchor before it");
        }

        if (at is NodeEvent { Tag: { IsEmpty: false, IsNonSpecific: false } })
        {
            throw Refused(at, "a spec has no YAML tags (!name); write the value alone");
        }

        SpecNode node = at switch
        {
            SequenceStart => List(depth),
            MappingStart => Map(depth),
            _ => Scalar(),
        };
        if (at is NodeEvent { Anchor: { IsEmpty: false } anchor })
        {
            _anchors[anchor] = node;
        }

        return node;
    }

    private SpecScalar Scalar()
    {
        var scalar = _parser.Consume<YamlDotNet.Core.Events.Scalar>();
        return new SpecScalar(_place(scalar.Start), scalar.Value, scalar.Style == ScalarStyle.Plain);
    }

    private SpecList List(int depth)
    {
        var start = _parser.Consume<SequenceStart>();
        var items = new List<SpecNode>();
        while (!_parser.TryConsume<SequenceEnd>(out _))
        {
            items.Add(Node(depth + 1));
        }

        return new SpecList(_place(start.Start), items);
    }

    private SpecMap Map(int depth)
    {
        var start = _parser.Consume<MappingStart>();
        var entries = new List<KeyValuePair<SpecScalar, SpecNode>>();
        var seen = new Dictionary<string, SpecPlace>(StringComparer.Ordinal);
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            var at = _parser.Current!;
            if (Node(depth + 1) is not SpecScalar key)
            {
                throw Refused(at, "expected a key, such as name:, found a list or a mapping");
            }

            var value = Node(depth + 1);
            if (seen.TryAdd(key.Text, key.Place))
            {
                entries.Add(new(key, value));
            }
            else
            {
                var first = seen[key.Text];
                _problems.Add(key.Place.Problem(Quote.Bare(key.Text), first.IsOverride
                    ? "the key is there twice"
                    : $"the key is there twice; it is on line {first.Line} already"));
            }
        }

        return new SpecMap(_place(start.Start), entries);
    }

    private SpecException Refused(ParsingEvent at, string message) => new([_place(at.Start).Problem("", message)]);
}
