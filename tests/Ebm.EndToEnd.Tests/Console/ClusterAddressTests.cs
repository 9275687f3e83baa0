using Ebm.Contracts.Cluster;
using Ebm.Core;

namespace Ebm.EndToEnd.Tests.Console;

public sealed class ClusterAddressTests
{
    [Theory]
    [InlineData("redis://localhost:6379", "localhost", 6379, null, null, false, "ebm")]
    [InlineData("redis://localhost:6379/", "localhost", 6379, null, null, false, "ebm")]
    [InlineData("redis://:secret@10.0.0.1:7000/blue", "10.0.0.1", 7000, null, "secret", false, "blue")]
    [InlineData("rediss://user:p%40ss%2Fw%3Ard@host:1/a-b_c.d", "host", 1, "user", "p@ss/w:rd", true, "a-b_c.d")]
    [InlineData("redis://[::1]:6379/x", "::1", 6379, null, null, false, "x")]
    [InlineData("redis://user@host:6379", "host", 6379, "user", null, false, "ebm")]
    public void Parse_AnAddress_GivesItsParts(
        string text, string host, int port, string? user, string? password, bool tls, string id) =>
        Assert.Equal(new ClusterAddress(host, port, user, password, tls, id), ClusterAddress.Parse(text));

    [Theory]
    [InlineData("ebm://localhost:30000", "localhost", 30000, "ebm")]
    [InlineData("ebm://[::1]:1/blue", "::1", 1, "blue")]
    public void Parse_AGatewaysAddress_GivesItsParts(string text, string host, int port, string id)
    {
        var address = ClusterAddress.Parse(text);
        Assert.Equal((true, host, port, id), (address.IsGateway, address.Host, address.Port, address.ClusterId));
        Assert.Equal(text, address.ToString());
        Assert.Throws<InputException>(() => ClusterAddress.Parse("ebm://:secret@localhost:30000"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("localhost:6379")]
    [InlineData("http://localhost:6379")]
    [InlineData("redis://localhost")]
    [InlineData("redis://:6379")]
    [InlineData("redis://localhost:0")]
    [InlineData("redis://localhost:65536")]
    [InlineData("redis://localhost:6379/a/b")]
    [InlineData("redis://localhost:6379/a b")]
    [InlineData("redis://localhost:6379/ebm?db=1")]
    [InlineData("redis://localhost:6379/ebm#x")]
    public void Parse_AnythingElse_NamesTheExpectedForm(string text)
    {
        var error = Assert.Throws<InputException>(() => ClusterAddress.Parse(text));

        Assert.Contains($"'{text}' names no cluster: ", error.Message, StringComparison.Ordinal);
        Assert.Contains("expected redis://[:password@]host:port[/cluster-id]", error.Message, StringComparison.Ordinal);
    }

    // Also where the password has characters that end it too early for a reader of addresses.
    [Theory]
    [InlineData("redis://:hunter2@localhost")]
    [InlineData("redis://:hun/ter2@localhost:6379")]
    [InlineData("redis://:12/ter2@localhost:6379")]
    [InlineData("redis://:hun?ter2@localhost:6379")]
    [InlineData("redis://:hun@ter2@localhost:x")]
    [InlineData("redis:hunter2@localhost:6379")]
    public void Parse_ABadAddressWithAPassword_DoesNotShowIt(string text) => Assert.DoesNotContain(
        "ter2", Assert.Throws<InputException>(() => ClusterAddress.Parse(text)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("redis://localhost:6379/ebm", "redis://localhost:6379")]
    [InlineData("redis://:secret@host:1/blue", "redis://:***@host:1/blue")]
    [InlineData("rediss://user:secret@[::1]:1", "rediss://user:***@[::1]:1")]
    [InlineData("redis://user@host:1", "redis://user@host:1")]
    public void ToString_AnAddress_IsWrittenWithoutThePassword(string text, string shown) =>
        Assert.Equal(shown, $"{ClusterAddress.Parse(text)}");
}
