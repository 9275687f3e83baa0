using Ebm.Client.Runs;
using Ebm.Core;

namespace Ebm.Client.Tests.Runs;

public sealed class RunReferenceTests
{
    [Theory]
    [InlineData("moons-3f2a1c", null), InlineData("moons@1000", 1000L), InlineData("moons@0", 0L)]
    public void Parse_ARunOrItsCheckpoint_GivesBoth(string text, long? round) =>
        Assert.Equal(new RunReference(text.Split('@')[0], round), RunReference.Parse(text));

    [Theory]
    [InlineData("moons@"), InlineData("moons@-1"), InlineData("moons@last"), InlineData("@5"), InlineData("")]
    [InlineData("a b"), InlineData("a@1@2"), InlineData("../a")]
    public void Parse_AnythingElse_IsRefused(string text) =>
        Assert.Throws<InputException>(() => RunReference.Parse(text));
}
