using System.Text;
using Ebm.Core;
using Ebm.Data.Files;

namespace Ebm.Data.Text;

/// <summary>The characters of one line in UTF-8, one after the other.</summary>
/// <param name="file">The file, for errors.</param>
/// <param name="line">Its bytes.</param>
/// <param name="number">Its number, from 1.</param>
internal ref struct TextLine(DataFile file, ReadOnlySpan<byte> line, long number)
{
    private readonly int _length = line.Length;
    private ReadOnlySpan<byte> _rest = line;

    /// <summary>The character just read.</summary>
    public Rune Current { get; private set; }

    /// <summary>Itself, as foreach wants it.</summary>
    public readonly TextLine GetEnumerator() => this;

    /// <summary>Goes on to the next character; false after the last.</summary>
    /// <exception cref="InputException">The bytes are no UTF-8.</exception>
    public bool MoveNext()
    {
        if (_rest.IsEmpty)
        {
            return false;
        }

        if (Rune.DecodeFromUtf8(_rest, out var character, out var count) != System.Buffers.OperationStatus.Done)
        {
            throw file.Error($"line {number}, byte {_length - _rest.Length + 1}: "
                + $"0x{_rest[0]:x2} does not begin a character of UTF-8. "
                + "Convert the file: iconv -f LATIN1 -t UTF-8 FILE, or whatever it is written in");
        }

        Current = character;
        _rest = _rest[count..];
        return true;
    }
}
