using System.Text.RegularExpressions;
using Ebm.Core.Energies.TorchScript;
using Ebm.Core.Native;
using Ebm.Core.Spec;
using Ebm.Core.States;
using static TorchSharp.torch;

namespace Ebm.Core.Tests.Energies.TorchScript;

/// <summary>What modules may not do, and what is said of it.</summary>
public sealed class ScriptCheckTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    static ScriptCheckTests() => TorchLibrary.EnsureLoaded();

    /// <summary>A body of forward(self, x), and what is said of it.</summary>
    public static TheoryData<string, string> Wrong => new()
    {
        { "return torch.sum(torch.mul(self.first.forward(x, ), self.out))", "returns Float32 [] for 3 rows" },
        { "return self.first.forward(x, )", "returns Float32 [3, 8] for 3 rows" },
        { "return torch.to(torch.mv(self.first.forward(x, ), self.out), 7)", "returns Float64 [3] for 3 rows" },
        { "return torch.squeeze(torch.sum(self.first.forward(x, ), [1], True))", "one energy for each of 1 rows" },
        { "return torch.linear(x, self.first.weight)[3, 2]", "given [rows, 2] it fails (" },
        { "return torch.mv(torch.linear(torch.detach(x), self.first.weight), self.out)",
            "sampler langevin follows dE/dx, and there is none" },
        { "return torch.mv(torch.linear(torch.round(x), self.first.weight), self.out)",
            "follows dE/dx, which is 0 for each of 5 rows" },
        { "return torch.detach(torch.sum(torch.mul(x, x), [1]))", "have no gradient in its parameters" },
        { "return torch.add(torch.sum(torch.mul(x, x), [1]), "
            + "torch.mul(0., torch.mv(self.first.forward(x, ), self.out)))",
            "do not depend on its parameters (out, first.weight, first.bias)" },
        { "return torch.mv(torch.dropout(self.first.forward(x, ), 0.5, True), self.out)",
            "gives other energies when it is called again" },
        { "self.calls = torch.add(self.calls, 1)\n"
            + "return torch.mul(torch.mv(self.first.forward(x, ), self.out), self.calls)",
            "keep something between calls" },
        { "_0 = torch.add_(self.statistic, torch.mean(x, [0]))\nreturn torch.mv(self.first.forward(x, ), self.out)",
            "changes its statistic with every call" },
        { "_0 = torch.clamp_(torch.detach(self.out), -0.1, 0.1)\nreturn torch.mv(self.first.forward(x, ), self.out)",
            "changes its out with every call" },
        { "_0 = torch.add_(x, 1)\nreturn torch.mv(self.first.forward(x, ), self.out)", "changes x itself" },
        { "return torch.mv(self.first.forward(torch.sub(x, torch.mean(x, [0])), ), self.out)",
            "depends on the other rows beside it" },
        { "return torch.mv(self.first.forward(torch.log(torch.sub(x, 1)), ), self.out)",
            "energy of training row 1 is NaN" },
        { "return torch.mv(torch.sqrt(torch.mul(0., torch.relu(self.first.forward(x, )))), self.out)",
            "the gradient of the energies in first.weight is NaN" },
        { "return torch.mv(self.first.forward(torch.sqrt(torch.mul(x, 0.)), ), self.out)",
            "dE/dx of training row 1 is not finite" },
        { "ops.prim.RaiseException(\"not today\")\nreturn x", "not today" },
    };

    [Theory, MemberData(nameof(Wrong))]
    public void Check_ModuleThatIsNoEnergy_ReportsTheReason(string body, string expected)
    {
        var path = _folder.Write("a.pt", Modules.WithForward(body));
        var error = Assert.ThrowsAny<InputException>(() => Check(path));
        Assert.StartsWith($"energy.path: {path}: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void Check_SamplerThatFollowsNoGradient_TakesAModuleWithoutOne() => Check(
        _folder.Write("a.pt", Modules.WithForward(
            "return torch.mv(torch.linear(torch.round(x), self.first.weight), self.out)")), follower: null);

    [Fact]
    public void Check_TrainMode_IsCheckedAsItWasSaved()
    {
        const string Body = "return torch.mv(torch.dropout(self.first.forward(x, ), 0.5, self.training), self.out)";
        Check(_folder.Write("eval.pt", Modules.WithForward(Body)));

        var train = _folder.Write("train.pt", Modules.WithForward(Body, training: true));
        Assert.Contains(
            "call model.eval() before saving", Assert.ThrowsAny<InputException>(() => Check(train)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Check_ModuleWithoutForward_ReportsIt()
    {
        var path = _folder.Write(
            "a.pt", Modules.WithCode(code => code.Replace("def forward", "def backward", StringComparison.Ordinal)));
        Assert.Contains(
            "Method 'forward' is not defined", Assert.ThrowsAny<InputException>(() => Check(path)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Check_OtherWidth_NamesBoth()
    {
        var error = Assert.ThrowsAny<InputException>(() => Check(Modules.Base, features: 3));
        Assert.Contains("given [rows, 3] it fails (RuntimeError: ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_Images_AreGivenAsImagesOrElseAsRows()
    {
        Check(Modules.Base, image: new ImageShape(1, 1, 2));
        var images = _folder.Write("a.pt", Modules.WithForward(
            "return torch.mv(self.first.forward(torch.flatten(torch.mul(x, torch.size(x, 3)), 1), ), self.out)"));
        Check(images, image: new ImageShape(1, 2, 1));
        Assert.Contains(
            "given [rows, 2] it fails", Assert.ThrowsAny<InputException>(() => Check(images)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Open_ParametersThatCannotLieInOneVector_AreNamed()
    {
        Assert.Contains("parameter out is Float64", Problem(Modules.WithPickled(
            text => text.Replace("FloatStorage", "DoubleStorage", StringComparison.Ordinal), dataFactor: 2)),
            StringComparison.Ordinal);

        // True (0x88) says of a tensor that it requires a gradient.
        Assert.Contains("no parameters to train", Problem(Modules.WithPickled(
            text => text.Replace('\u0088', '\u0089'))), StringComparison.Ordinal);

        // The storage of first.bias becomes that of out, which is memo 7.
        Assert.Contains("parameters out and first.bias share memory", Problem(Modules.WithPickled(
            text => Regex.Replace(text, "\\(h\u0003h\u0004X\u0001\0\0\04q.h\u0006K\u0008tQ", "h\u0007"))),
            StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private string Problem(byte[] file) =>
        Assert.Throws<InputException>(
            () => ScriptEnergy.Open(new TorchScriptSpec { Path = _folder.Write("a.pt", file) }, 2)).Message;

    private static void Check(string path, int features = 2, ImageShape? image = null, string? follower = "langevin")
    {
        using var scope = NewDisposeScope();
        var rows = linspace(0, 1, 5 * features).view(5, features);
        ScriptCheck.Check(new TorchScriptSpec { Path = path }, rows, image, follower);
    }
}
