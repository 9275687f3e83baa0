using System.Text;
using Ebm.Core;
using Ebm.Data.Files;

namespace Ebm.Data.Text;

/// <summary>Enumerates the characters of one line of UTF-8.</summary>
/// <param name="file">The file, for errors.</param>
/// <param name="line">Bytes of the line.</param>
/// <param name="number">Number of the line, from 1.</param>
internal ref struct TextLine(DataFile file, ReadOnlySpan<byte> line, long number)
{
    private readonly int _length = line.Length;
    private ReadOnlySpan<byte> _rest = line;

    /// <summary>The current character.</summary>
    public Rune Current { get; private set; }

    /// <summary>This enumerator, for foreach.</summary>
    public readonly TextLine GetEnumerator() => this;

    /// <summary>Advances to the next character; false after the last.</summary>
    /// <exception cref="InputException">The bytes are not UTF-8.</exception>
    public bool MoveNext()
    {
        if (_rest.IsEmpty)
        {
            return false;
        }

        if (Rune.DecodeFromUtf8(_rest, out var character, out var count) != System.Buffers.OperationStatus.Done)
        {
            throw file.CreateError($"line {number}, byte {_length - _rest.Length + 1}: "
                + $"0x{_rest[0]:x2} is not valid UTF-8. "
                + "Convert the file from its encoding, such as: iconv -f LATIN1 -t UTF-8 FILE");
        }

        Current = character;
        _rest = _rest[count..];
        return true;
    }
}
