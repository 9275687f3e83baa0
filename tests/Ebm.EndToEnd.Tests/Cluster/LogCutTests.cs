using System.Text;
using Ebm.Client.Local;

namespace Ebm.EndToEnd.Tests.Cluster;

/// <summary>Where Redis' log of writes may be cut.</summary>
public sealed class LogCutTests
{
    private const string Select = "*2\r\n$6\r\nSELECT\r\n$1\r\n0\r\n",
        Set = "*3\r\n$3\r\nSET\r\n$1\r\na\r\n$6\r\n#TS:9\n\r\n";
    private const string Multi = "*1\r\n$5\r\nMULTI\r\n", Exec = "*1\r\n$4\r\nexec\r\n";

    [Theory]
    [InlineData(
        "#TS:1\r\n" + Select + Set, "#TS:2\r\n" + Set)] // at the next second, not at a value that resembles one
    [InlineData("", "#TS:2\r\n" + Set)] // everything
    [InlineData("#TS:1\r\n" + Set, "")] // nothing
    [InlineData("#TS:1\r\n" + Set, Multi + Set + "#TS:2\r\n" + Set + Exec)] // a transaction goes as a whole
    [InlineData("#TS:1\r\n" + Multi + Set + Exec, "#TS:2\r\n" + Multi)]
    [InlineData("#TS:1\r\n" + Set, Multi + Set)] // killed in a transaction
    [InlineData("#TS:1\r\n" + Set, "*3\r\n$3\r\nSET\r\n$1")] // killed in a command
    [InlineData("#TS:1\r\n" + Set, "*3\r\n$3\r\nSET\r\n$1\r\na\r\n$9\r\n#TS")]
    public void Place_OfTheSecondSecond_IsAtABoundary(string kept, string cut)
    {
        using var log = new MemoryStream(Encoding.ASCII.GetBytes(kept + cut));

        Assert.Equal(kept.Length, LogCut.FindEnd(log, 2));
    }
}
