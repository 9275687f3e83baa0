namespace Ebm.Data.Text;

/// <summary>Enumerates the fields of one line; a field may be in double quotes.</summary>
internal ref struct CsvFields(ReadOnlySpan<byte> line)
{
    private ReadOnlySpan<byte> _rest = line;
    private bool _finished;

    /// <summary>The current field, without surrounding blanks and quotes.</summary>
    public ReadOnlySpan<byte> Field { get; private set; }

    /// <summary>Number of the current field, from 1.</summary>
    public int Column { get; private set; }

    /// <summary>Whether the current field has an unclosed quote, or text after its closing quote.</summary>
    public bool BadQuotes { get; private set; }

    /// <summary>Advances to the next field; false after the last.</summary>
    public bool MoveNext()
    {
        if (_finished)
        {
            return false;
        }

        Column++;
        var start = _rest.TrimStart(" \t"u8);
        var end = start is [(byte)'"', ..] ? AfterQuotes(start) : 0;
        BadQuotes = end < 0;
        end = Math.Max(end, 0);
        var comma = start[end..].IndexOf((byte)',');
        _finished = comma < 0;
        var whole = (_finished ? start : start[..(end + comma)]).TrimEnd(" \t"u8);
        BadQuotes |= end > 0 && whole.Length != end;
        Field = end > 0 && !BadQuotes ? whole[1..^1] : whole;
        _rest = _finished ? default : start[(end + comma + 1)..];
        return true;
    }

    /// <summary>Index after the closing quote; -1 if it is missing. A doubled quote is an escaped quote.</summary>
    private static int AfterQuotes(ReadOnlySpan<byte> text)
    {
        for (var i = 1; i < text.Length; i++)
        {
            if (text[i] != '"')
            {
                continue;
            }

            if (i + 1 == text.Length || text[i + 1] != '"')
            {
                return i + 1;
            }

            i++;
        }

        return -1;
    }
}
