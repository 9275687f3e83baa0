using Ebm.Data.Files;

namespace Ebm.Data.Text;

/// <summary>
/// Reads the lines of a text file as bytes, without line ends; skips a byte order mark. A carriage return is part of
/// the line end, unless <c>keepReturns</c> is set.
/// </summary>
internal sealed class LineReader(
    DataFile file, int maxLength, string expected = "lines of comma-separated numbers", bool keepReturns = false)
{
    private byte[] _buffer = new byte[1 << 16];
    private int _start;
    private int _end;
    private bool _finished;

    /// <summary>Number of the current line, from 1.</summary>
    public long Line { get; private set; }

    /// <summary>Reads the next line, which is valid until the next call; false at the end.</summary>
    public bool TryRead(out ReadOnlySpan<byte> line)
    {
        var searched = 0;
        while (true)
        {
            var rest = _buffer.AsSpan(_start.._end);
            var length = rest[searched..].IndexOf((byte)'\n');
            if (length >= 0 || _finished)
            {
                length = length >= 0 ? length + searched : rest.Length;
                line = Trim(rest[..length]);
                var any = length < rest.Length || length > 0;
                _start = Math.Min(_end, _start + length + 1);
                Line += any ? 1 : 0;
                return any;
            }

            searched = rest.Length;
            ReadMore();
        }
    }

    private ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> line)
    {
        if (Line == 0 && line.StartsWith("\uFEFF"u8))
        {
            line = line[3..];
        }

        return line is [.., (byte)'\r'] && !keepReturns ? line[..^1] : line;
    }

    private void ReadMore()
    {
        var rest = _buffer.AsSpan(_start.._end);
        if (rest.Length > maxLength)
        {
            throw file.CreateError($"line {Line + 1} is longer than {maxLength} bytes; expected {expected}");
        }

        var target = rest.Length > _buffer.Length / 2 ? new byte[_buffer.Length * 2] : _buffer;
        rest.CopyTo(target);
        (_buffer, _start, _end) = (target, 0, rest.Length);
        var count = file.Read(_buffer.AsSpan(_end));
        _finished = count < _buffer.Length - _end;
        _end += count;
    }
}
