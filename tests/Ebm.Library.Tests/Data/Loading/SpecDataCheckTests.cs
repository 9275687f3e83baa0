using Ebm.Core.Datasets;
using Ebm.Core.Spec;
using Ebm.Data.Loading;
using static Ebm.Library.Tests.Data.DataFiles;

namespace Ebm.Library.Tests.Data.Loading;

public sealed class SpecDataCheckTests : DataTest
{
    [Theory]
    [InlineData(new uint[] { 1, 28, 28 }, true)]
    [InlineData(new uint[] { 1, 784 }, true)]
    [InlineData(new uint[] { 1, 4, 14, 14 }, false)]
    [InlineData(new uint[] { 1, 14, 14 }, false)]
    public void Check_Conv_TakesImagesOf28By28(uint[] dims, bool fits)
    {
        var path = Folder.Write("a", Idx(new byte[dims.Aggregate((a, b) => a * b)], dims));
        var data = DatasetLoader.Load(new IdxDataSpec { Path = path }, 0);

        Check(fits, new ConvSpec(), data, "1x28x28", dims.Length == 4 ? "4x14x14" : "14");
    }

    [Theory]
    [InlineData("0,1\n1,0\n", Binarise.None, true)]
    [InlineData("0,1\n1,0.5\n", Binarise.None, false)]
    [InlineData("0,1\n1,0.5\n", Binarise.Sample, true)]
    [InlineData("0,1\n1,0.5\n", Binarise.Threshold, true)]
    public void Check_Rbm_TakesBinaryValues(string text, Binarise binarise, bool fits)
    {
        var path = Folder.Write("a.csv", text);
        var data = DatasetLoader.Load(new CsvDataSpec { Path = path, Binarise = binarise }, 0);

        Check(fits, new RbmSpec { Hidden = 2 }, data, "0.5 in row 2, column 2", "data.binarise");
    }

    [Fact]
    public void Check_Rbm_TakesLevels0And255ButNoneBetween()
    {
        var black = Folder.Write("a", Idx([0, 255], 1, 2));
        var grey = Folder.Write("b", Idx([0, 254], 1, 2));

        Check(true, new RbmSpec { Hidden = 2 }, DatasetLoader.Load(new IdxDataSpec { Path = black }, 0));
        Check(false, new RbmSpec { Hidden = 2 }, DatasetLoader.Load(new IdxDataSpec { Path = grey }, 0), "column 2");
    }

    [Theory]
    [InlineData(new uint[] { 1, 4, 4 }, true)]
    [InlineData(new uint[] { 1, 3, 4, 4 }, true)]
    [InlineData(new uint[] { 1, 3, 4 }, false)]
    [InlineData(new uint[] { 1, 16 }, false)]
    public void Check_ResNet_TakesImagesThatItsStagesCanHalve(uint[] dims, bool fits)
    {
        var path = Folder.Write("a", Idx(new byte[dims.Aggregate((a, b) => a * b)], dims));
        var data = DatasetLoader.Load(new IdxDataSpec { Path = path }, 0);

        Check(
            fits, new ResNetSpec { Channels = [2, 2] }, data, "at least 4x4",
            dims.Length == 2 ? "rows of 16" : "1x3x4", "energy.channels");
    }

    [Theory]
    [InlineData("0,7\n1,8\n2,9\n", 3, "")]
    [InlineData("0,7\n1,8\n3,9\n", 3, "train data has the label 3 in row 3; expected 0 to 2")]
    [InlineData("0,7\n-1,8\n2,9\n", 3, "the label -1 in row 2")]
    [InlineData("0,7\n1,8\n1,9\n", 3, "no training row has the label 2; the largest is 1")]
    public void Check_Classes_NeedALabelOfTheirsInEveryRow(string text, int classes, string expected)
    {
        var data = DatasetLoader.Load(new CsvDataSpec { Path = Folder.Write("a.csv", text), LabelColumn = "1" }, 0);

        Check(expected.Length == 0, new MlpSpec { Hidden = [2], Classes = classes }, data, expected);
    }

    [Fact]
    public void Check_ClassesOfDataWithoutLabels_NamesThePart()
    {
        var path = Folder.Write("a.csv", "0,7\n1,8\n");
        Check(
            false, new MlpSpec { Hidden = [2], Classes = 2 }, DatasetLoader.Load(new CsvDataSpec { Path = path }, 0),
            "the train data has no labels");

        var (rows, labels) = (Folder.Write("r", Idx([1, 2], 2, 1)), Folder.Write("l", Idx([0, 1], 2)));
        var data = DatasetLoader.Load(new IdxDataSpec { Path = rows, Labels = labels, TestPath = rows }, 0);
        Check(false, new MlpSpec { Hidden = [2], Classes = 2 }, data, "the test data has no labels", "data.testLabels");
    }

    private static void Check(bool fits, EnergySpec energy, Dataset data, params string[] expected)
    {
        if (fits)
        {
            SpecDataCheck.Check(energy, data);
        }
        else
        {
            AssertFails("energy", () => SpecDataCheck.Check(energy, data), expected);
        }
    }
}
