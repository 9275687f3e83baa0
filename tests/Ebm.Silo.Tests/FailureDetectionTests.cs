using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace Ebm.Silo.Tests;

public sealed class FailureDetectionTests
{
    [Fact]
    public void Configure_ASilo_DeclaresAHungSiloDeadBeforeACallToItTimesOut()
    {
        var builder = new Builder();
        FailureDetection.Configure(builder);
        using var services = builder.Services.BuildServiceProvider();
        var membership = services.GetRequiredService<IOptions<ClusterMembershipOptions>>().Value;
        var messaging = services.GetRequiredService<IOptions<SiloMessagingOptions>>().Value;

        // Orleans considers a silo alive for three times the longest probe after its last message; then the probes of
        // the limit fail, less one, whose time that silence covers.
        var silence = 3 * membership.MaxProbeTimeout;
        var latest = silence + ((membership.NumMissedProbesLimit - 1) * membership.ProbeTimeout);

        Assert.Equal(TimeSpan.FromSeconds(9), silence);
        Assert.InRange(latest, silence, TimeSpan.FromSeconds(13));
        Assert.True(latest < messaging.ResponseTimeout, $"{latest} is not below {messaging.ResponseTimeout}");
    }

    private sealed class Builder : ISiloBuilder
    {
        public IServiceCollection Services { get; } = new ServiceCollection();

        public IConfiguration Configuration { get; } = new ConfigurationBuilder().Build();
    }
}
