using Ebm.Core;
using Ebm.Core.Datasets;
using Ebm.Core.States;
using Ebm.Data.Files;
using static TorchSharp.torch;

namespace Ebm.Data.Images;

/// <summary>
/// CIFAR-10's binary version (https://www.cs.toronto.edu/~kriz/cifar.html): records of one label byte and 3,072 image
/// bytes, a red, a green and a blue plane of 32 rows of 32 pixels. Plain or gzipped.
/// </summary>
internal static class CifarFile
{
    private const int Classes = 10;
    private const string TestFile = "test_batch.bin";
    private static readonly ImageShape Shape = new(3, 32, 32);
    private static readonly string[] TrainingFiles = [.. Enumerable.Range(1, 5).Select(i => $"data_batch_{i}.bin")];

    /// <summary>
    /// Reads the training and the test rows of a folder with the data set's six files, under their original names.
    /// </summary>
    /// <exception cref="InputException">A file is missing or damaged; the message names the file and the
    /// record.</exception>
    public static (DataRows Train, DataRows Test) ReadFolder(string folder, long limit = DataFile.DefaultLimit)
    {
        if (!Directory.Exists(folder))
        {
            throw new InputException(
                $"{folder}: no such folder; expected one with {TrainingFiles[0]} to {TrainingFiles[^1]} and "
                    + $"{TestFile}.");
        }

        using var scope = NewDisposeScope();
        DataRows[] parts = [.. TrainingFiles.Select(name => Read(Path.Combine(folder, name), limit))];
        var train = new DataRows(
            cat([.. parts.Select(p => p.Stored)]), 1, 0, [.. parts.SelectMany(p => p.Labels!)], Shape);
        Array.ForEach(parts, p => p.Dispose());
        return (train, Read(Path.Combine(folder, TestFile), limit));
    }

    /// <summary>Reads one file: uint8 rows, unscaled, with their labels.</summary>
    /// <exception cref="InputException">The file is missing, has an incomplete record, or a label above 9.</exception>
    public static DataRows Read(string path, long limit = DataFile.DefaultLimit)
    {
        using var file = DataFile.Open(path);
        var images = new List<Tensor>();
        var labels = new List<int>();
        using var scope = NewDisposeScope();
        var label = new byte[1];
        while (file.Read(label) == 1)
        {
            var record = labels.Count + 1;
            if (label[0] >= Classes)
            {
                throw file.CreateError($"record {record} ({1 + Shape.Length} bytes from byte {file.Position - 1}) has "
                    + $"the label {label[0]}; expected 0 to {Classes - 1}, as in the binary version of CIFAR-10");
            }

            if ((labels.Count + 1L) * Shape.Length > limit)
            {
                throw file.CreateError($"has more than {labels.Count} records; they exceed the limit of {limit} bytes");
            }

            var image = empty([Shape.Length], ScalarType.Byte);
            file.Fill(image.bytes, $"the image of record {record},");
            images.Add(image);
            labels.Add(label[0]);
        }

        return new DataRows(stack(images), 1, 0, [.. labels], Shape);
    }
}
