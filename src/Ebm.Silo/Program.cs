using Ebm.Silo;
using Ebm.Contracts.Cluster;
using Ebm.Core;
using Ebm.Silo.Pages;

const int BadInput = 2, Failed = 3;
var supervised = args.Contains("--supervised");
try
{
    var settings = SiloConfiguration.Read(args);
    await using var redis = await RedisConnection.Open(
        ClusterAddress.Parse(settings.Redis), TimeProvider.System, Console.Error.WriteLine);
    using var host = ClusterSilo.Build(settings, redis);
    await PagesHost.Run(host, settings.PagesPort);
    return Environment.ExitCode;
}
catch (EbmException e)
{
    Console.Error.WriteLine($"error: {e.Message}");
    if (supervised)
    {
        Supervision.WriteError(e.Message);
    }

    return e is InputException ? BadInput : Failed;
}
