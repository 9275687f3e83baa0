using System.Globalization;
using System.Runtime.InteropServices;
using Ebm.Core.Datasets;
using Ebm.Data.Files;
using static TorchSharp.torch;

namespace Ebm.Data.Text;

/// <summary>
/// Collects the rows of a CSV file. Their number is known only at the end, so values are stored in blocks.
/// </summary>
internal sealed class CsvRows(DataFile file, int columns, int labelIndex, long limit, bool allowNaN = false)
{
    private const int BlockLength = 1 << 18;

    private readonly int _features = columns - (labelIndex < 0 ? 0 : 1);
    private readonly List<float[]> _blocks = [];
    private readonly List<int> _labels = [];
    private long _values;

    /// <summary>Number of rows.</summary>
    public int Count { get; private set; }

    /// <summary>Adds the row of one line.</summary>
    public void Add(ReadOnlySpan<byte> line, long number)
    {
        var fields = new CsvFields(line);
        while (fields.MoveNext())
        {
            if (fields.Column > columns)
            {
                throw file.CreateError($"line {number} has more than the {columns} columns of the first line");
            }

            if (fields.BadQuotes)
            {
                throw file.CreateError($"line {number}, column {fields.Column}: "
                    + $"the quotes of {DataFile.Quote(fields.Field)} do not match");
            }

            if (fields.Column - 1 == labelIndex)
            {
                _labels.Add(Label(fields.Field, number, fields.Column));
            }
            else
            {
                Append(Value(fields.Field, number, fields.Column));
            }
        }

        if (fields.Column < columns)
        {
            throw file.CreateError($"line {number} has {fields.Column} columns; "
                + $"expected {columns}, as in the first line");
        }

        Count++;
    }

    /// <summary>All rows.</summary>
    public DataRows ToRows()
    {
        using var stored = empty([Count, _features], ScalarType.Float32);
        TensorChunks.ForEach(stored, (bytes, first) =>
        {
            var target = MemoryMarshal.Cast<byte, float>(bytes);
            for (var done = 0; done < target.Length;)
            {
                var (block, offset) = Math.DivRem(first + done, BlockLength);
                var part = Math.Min(target.Length - done, BlockLength - (int)offset);
                _blocks[(int)block].AsSpan((int)offset, part).CopyTo(target[done..]);
                done += part;
            }
        });
        return new DataRows(stored.alias(), 1, 0, labelIndex < 0 ? null : [.. _labels], null);
    }

    private void Append(float value)
    {
        var offset = (int)(_values % BlockLength);
        if (offset == 0)
        {
            if (_values * sizeof(float) >= limit)
            {
                throw file.CreateError($"holds more than the limit of {limit} bytes of values");
            }

            _blocks.Add(new float[BlockLength]);
        }

        _blocks[^1][offset] = value;
        _values++;
    }

    private float Value(ReadOnlySpan<byte> field, long line, int column)
    {
        if (allowNaN && field.IsEmpty)
        {
            return float.NaN;
        }

        if (!float.TryParse(field, NumberStyles.Float, CultureInfo.InvariantCulture, out var value))
        {
            throw file.CreateError($"line {line}, column {column}: {DataFile.Quote(field)} is not a number");
        }

        return float.IsFinite(value) || (allowNaN && float.IsNaN(value))
            ? value
            : throw file.CreateError($"line {line}, column {column}: {DataFile.Quote(field)} is not a finite "
                + "float32 number");
    }

    private int Label(ReadOnlySpan<byte> field, long line, int column)
    {
        // "3.0" is a label too: data frames with a missing value write all integers like this.
        var isNumber = double.TryParse(field, NumberStyles.Float, CultureInfo.InvariantCulture, out var value);
        return isNumber && value == Math.Floor(value) && Math.Abs(value) <= int.MaxValue
            ? (int)value
            : throw file.CreateError($"line {line}, column {column}: the label {DataFile.Quote(field)} "
                + "is not an integer");
    }
}
