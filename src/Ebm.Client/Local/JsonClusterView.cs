using System.Text.Json.Nodes;
using Ebm.Client.Output;

namespace Ebm.Client.Local;

/// <summary>
/// A local cluster's life for a program: <c>ready</c> with the address and the processes, then <c>event</c>s, at the
/// end
/// <c>result</c>.
/// </summary>
internal sealed class JsonClusterView : ILocalClusterView
{
    public void Starting(LocalClusterOptions options)
    {
    }

    public void Started(LocalCluster cluster, LocalClusterOptions options) => JsonOutput.Write("ready", o =>
    {
        o["address"] = cluster.Address;
        o["folder"] = cluster.Folder;
        o["pages"] = cluster.Pages;
        o["silos"] = new JsonArray([.. cluster.Silos.Select(s => new JsonObject
        {
            ["name"] = s.Name, ["roles"] = s.Roles, ["lanes"] = s.Lanes, ["process"] = s.Process, ["log"] = s.Log,
        })]);
        o["redis"] = new JsonObject { ["port"] = cluster.Redis.Port, ["process"] = cluster.Redis.Process,
            ["log"] = cluster.Redis.Log };
    });

    public void Show(LocalEvent what) => JsonOutput.Write("event", o =>
    {
        o["kind"] = JsonOutput.Node(what.Kind);
        o["name"] = what.Name;
        o["process"] = what.Process;
        o["exitCode"] = what.ExitCode;
        o["message"] = what.Message;
        o["fault"] = JsonOutput.Node(what.Fault);
    });

    public void Stopping() => JsonOutput.Write("stopping", _ => { });

    public void Stopped(LocalCluster cluster, LocalClusterOptions options) =>
        JsonOutput.Write("result", o => o["exitCode"] = (int)ExitCode.Succeeded);
}
