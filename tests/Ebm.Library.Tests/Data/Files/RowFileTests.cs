using Ebm.Core.Spec;
using Ebm.Data.Files;
using Ebm.Data.Loading;
using static Ebm.Library.Tests.Data.DataFiles;

namespace Ebm.Library.Tests.Data.Files;

public sealed class RowFileTests : DataTest
{
    [Fact]
    public void Read_EachFormatUnderAnyName_IsRecognised()
    {
        using var idx = RowFile.Read(Folder.Write("a", Gzip(Idx([0, 51, 255, 102], 2, 2))));
        using var npy = RowFile.Read(Folder.Write("b", Npy<float>("<f4", "(2, 2)", [1, 2, 3, 4])));
        using var csv = RowFile.Read(Folder.Write("c", "1,2\n3,4\n"));

        Assert.All(Values(idx).Zip([0, 0.2, 1, 0.4]), v => Assert.Equal(v.Second, v.First, 1e-6));
        Assert.Equal([1, 2, 3, 4], Values(npy));
        Assert.Equal([1, 2, 3, 4], Values(csv));
    }

    [Fact]
    public void Read_WithADatasetsReading_ReadsAsTheTrainingRowsWere()
    {
        var path = Folder.Write("train", Idx([0, 127, 128, 255], 2, 2));
        var scaled = DatasetLoader.Load(new IdxDataSpec { Path = path, Range = [-1, 1] }, 0);
        var binary = DatasetLoader.Load(new IdxDataSpec { Path = path, Binarise = Binarise.Threshold }, 0);
        var csv = Folder.Write("a.csv", "0.2,0.7\n");

        using var again = RowFile.Read(path, scaled.Reading);
        using var cut = RowFile.Read(path, binary.Reading);
        using var real = RowFile.Read(csv, binary.Reading);

        Assert.Equal(Values(scaled.Train), Values(again));
        Assert.Equal([0, 0, 1, 1], Values(cut));
        Assert.Equal([0, 1], Values(real));
    }

    [Fact]
    public void Read_UnknownFormat_NamesTheKnownOnes()
    {
        var path = Folder.Write("a.dat", [0, 1, 2, 3]);

        AssertFails(path, () => RowFile.Read(path), "00010203", "IDX, NPY, CSV, PNG");
    }
}
