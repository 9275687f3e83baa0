using System.Runtime.InteropServices;
using System.Text.Json;
using Ebm.Core.Spec;
using Ebm.Core.Tests.Energies.TorchScript;
using Ebm.ScriptProbe;

namespace Ebm.Library.Tests.ScriptProbe;

/// <summary>The process that checks modules: an error that ends it does not end this one.</summary>
public sealed class ModuleProbeTests : IDisposable
{
    private static readonly byte[] Rows = MemoryMarshal.AsBytes<float>([0.1f, 0.2f, 0.3f, 0.4f, 0.5f, 0.6f]).ToArray();

    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Ask_GoodModule_HasNoProblem() => Assert.Null(Ask(Modules.Base));

    [Fact]
    public void Ask_ModuleThatIsNoEnergy_ReportsTheProblemOfTheCheck() => Assert.Contains(
        "sampler langevin follows dE/dx",
        Ask(Write("return torch.mv(torch.linear(torch.round(x), self.first.weight), self.out)")),
        StringComparison.Ordinal);

    /// <summary>libtorch ends the process over these: an operation and an attribute that are not there.</summary>
    [Fact]
    public void Ask_ModuleThatEndsTheProcess_ReportsTheCause()
    {
        Assert.Contains(
            "ends the process that computes it: Unknown builtin op: aten::tanhx", Ask(Write("return torch.tanhx(x)")),
            StringComparison.Ordinal);
        var broken = _folder.Write(
            "a.pt", Modules.WithCode(code => code.Replace("self.out", "self.nothing", StringComparison.Ordinal)));
        Assert.Contains("has no attribute or method 'nothing'", Ask(broken), StringComparison.Ordinal);
    }

    [Fact]
    public void Ask_ModuleThatNeverReturns_IsKilled() => Assert.Contains(
        "did not return within 3 s",
        Ask(Write("i = 0\n_0 = True\nwhile _0:\n  i = torch.remainder(torch.add(i, 1), 9)\n  _0 = torch.lt(i, "
        + "10)\nreturn torch.mv(self.first.forward(x, ), self.out)"), seconds: 3),
        StringComparison.Ordinal);

    [Fact]
    public void Ask_ModuleThatPrints_IsRefused() => Assert.Contains(
        "prints when it is called ('hello')",
        Ask(Write("print(\"hello\")\nreturn torch.mv(self.first.forward(x, ), self.out)")), StringComparison.Ordinal);

    [Fact]
    public void Question_AsText_ComesBackTheSame()
    {
        var question = new ScriptQuestion(
            new TorchScriptSpec { Path = "/a b\"ü.pt" }, 12, new Core.States.ImageShape(3, 2, 2), 0, null);
        Assert.Equal(question, JsonSerializer.Deserialize<ScriptQuestion>(JsonSerializer.Serialize(question)));
    }

    public void Dispose() => _folder.Dispose();

    private string Write(string body) => _folder.Write("a.pt", Modules.WithForward(body));

    private static string? Ask(string path, int seconds = 60) => ModuleProbe.Ask(
        new ScriptQuestion(new TorchScriptSpec { Path = path }, 2, null, 0, "langevin"), Rows,
        TimeSpan.FromSeconds(seconds));
}
