using System.Text.Json.Nodes;
using Ebm.Client.Output;

namespace Ebm.Client.Local;

/// <summary>
/// The life cycle of a local cluster for programs: <c>ready</c> with the address and the processes, then <c>event</c>s,
/// finally <c>result</c>.
/// </summary>
internal sealed class JsonClusterView : ILocalClusterView
{
    public void ShowStarting(LocalClusterOptions options)
    {
    }

    public void ShowReady(LocalCluster cluster, LocalClusterOptions options) => JsonOutput.Write("ready", o =>
    {
        o["address"] = cluster.Address;
        o["folder"] = cluster.Folder;
        o["pages"] = cluster.Pages;
        o["silos"] = new JsonArray([.. cluster.Silos.Select(s => new JsonObject
        {
            ["name"] = s.Name, ["roles"] = s.Roles, ["lanes"] = s.Lanes, ["process"] = s.Process, ["log"] = s.Log,
        })]);
        o["redis"] = new JsonObject
        {
            ["port"] = cluster.Redis.Port, ["process"] = cluster.Redis.Process, ["log"] = cluster.Redis.Log,
        };
    });

    public void Show(LocalEvent happened) => JsonOutput.Write("event", o =>
    {
        o["kind"] = JsonOutput.Node(happened.Kind);
        o["name"] = happened.Name;
        o["process"] = happened.Process;
        o["exitCode"] = happened.ExitCode;
        o["message"] = happened.Message;
        o["fault"] = JsonOutput.Node(happened.Fault);
    });

    public void ShowStopping() => JsonOutput.Write("stopping", _ => { });

    public void ShowStopped(LocalCluster cluster, LocalClusterOptions options) =>
        JsonOutput.Write("result", o => o["exitCode"] = (int)ExitCode.Succeeded);
}
