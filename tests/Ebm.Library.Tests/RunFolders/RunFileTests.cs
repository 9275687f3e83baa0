using Ebm.RunFolders;

namespace Ebm.Library.Tests.RunFolders;

public sealed class RunFileTests
{
    [Theory]
    [InlineData(7), InlineData(1_234_567)]
    public void Parse_AnyFileOfARound_IsItsKindAndRound(long round)
    {
        Assert.Equal(new RunFile(RunFileKind.SamplesPlot, round), RunFile.Parse(RunLayout.SamplesPlot(round)));
        Assert.Equal(new RunFile(RunFileKind.SamplesText, round), RunFile.Parse(RunLayout.SamplesText(round)));
        Assert.Equal(new RunFile(RunFileKind.Evaluation, round), RunFile.Parse(RunLayout.Evaluation(round)));
    }

    [Theory]
    [InlineData(RunLayout.Spec), InlineData(RunLayout.Curves), InlineData("samples-.png"), InlineData("samples-1.json")]
    [InlineData("evaluation-1.png"), InlineData("samples-1.png\n"), InlineData("../samples-1.png")]
    [InlineData("samples-99999999999999999999.png")]
    public void Parse_AnotherName_IsNull(string name) => Assert.Null(RunFile.Parse(name));

    [Theory]
    [InlineData("samples-000012.png", true), InlineData("samples-12.txt", true)]
    [InlineData("evaluation-000012.json", false)]
    public void Parse_NamesOfStoredRuns_AreKnown(string name, bool isSamples)
    {
        var file = RunFile.Parse(name);

        Assert.Equal((12, isSamples), (file!.Round, file.IsSamples));
    }
}
