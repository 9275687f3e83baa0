using Ebm.Core;

namespace Ebm.Silo.Tests;

public sealed class SiloConfigurationTests
{
    private static readonly string[] Valid = ["--redis", "redis://localhost:6379", "--access-keys", "none"];

    [Theory]
    [InlineData("--silo-port", "5")]
    [InlineData("--silo-port=5")]
    [InlineData("--SiloPort", "5")]
    public void Read_AFlagInAnyForm_SetsTheSetting(params string[] flags) =>
        Assert.Equal(5, SiloConfiguration.Read([.. Valid, .. flags]).SiloPort);

    [Fact]
    public void Read_AVariableAndAFlag_PrefersTheFlag()
    {
        Environment.SetEnvironmentVariable("EBM_SILO_PORT", "6");
        try
        {
            Assert.Equal(6, SiloConfiguration.Read(Valid).SiloPort);
            Assert.Equal(7, SiloConfiguration.Read([.. Valid, "--silo-port", "7"]).SiloPort);
        }
        finally
        {
            Environment.SetEnvironmentVariable("EBM_SILO_PORT", null);
        }
    }

    [Fact]
    public void Read_AnUnknownVariable_NamesItAsGiven()
    {
        Environment.SetEnvironmentVariable("EBM_SILO_PROT", "6");
        try
        {
            var e = Assert.Throws<InputException>(() => SiloConfiguration.Read(Valid));
            Assert.StartsWith("EBM_SILO_PROT: unknown setting", e.Message, StringComparison.Ordinal);
        }
        finally
        {
            Environment.SetEnvironmentVariable("EBM_SILO_PROT", null);
        }
    }

    [Theory]
    [InlineData("--silo-prot: unknown setting", "--silo-prot", "5")]
    [InlineData("--silo-port: the value is missing", "--silo-port")]
    [InlineData("'5' is not a flag", "5")]
    [InlineData("a setting has a value of the wrong type", "--silo-port", "five")]
    [InlineData("silo-port: expected a port", "--silo-port", "0")]
    public void Read_ABadFlag_NamesIt(string expected, params string[] flags)
    {
        var e = Assert.Throws<InputException>(() => SiloConfiguration.Read([.. Valid, .. flags]));

        Assert.StartsWith(expected, e.Message, StringComparison.Ordinal);
    }
}
