namespace Ebm.Data.Text;

/// <summary>The fields of one line, one after the other; a field may stand in double quotes.</summary>
internal ref struct CsvFields(ReadOnlySpan<byte> line)
{
    private ReadOnlySpan<byte> _rest = line;
    private bool _finished;

    /// <summary>The field just read, without blanks around it and without its quotes.</summary>
    public ReadOnlySpan<byte> Field { get; private set; }

    /// <summary>Number of the field just read, counted from 1.</summary>
    public int Column { get; private set; }

    /// <summary>Whether the field just read has a quote that is not closed, or something behind it.</summary>
    public bool BadQuotes { get; private set; }

    /// <summary>Goes on to the next field; false after the last.</summary>
    public bool Next()
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

    /// <summary>Index behind the closing quote; -1 where there is none. A doubled quote stands for one.</summary>
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
