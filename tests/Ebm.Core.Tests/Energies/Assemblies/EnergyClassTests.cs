using System.Text.Json;
using Ebm.Core.Energies.Assemblies;
using Ebm.Core.Spec;

namespace Ebm.Core.Tests.Energies.Assemblies;

/// <summary>Classes and options that cannot become an energy.</summary>
public sealed class EnergyClassTests : IDisposable
{
    private const string Base = ": AutogradEnergy(space, InitialParameter.Constant(\"w\", 1, 2)) "
        + "{ protected override Tensor Evaluate(Parameters parameters, Tensor states) => states.sum(1); }";

    private const string Many = "public sealed class A(StateSpace space) " + Base
        + "public sealed class B(StateSpace space) " + Base
        + "public abstract class Abstract(StateSpace space) " + Base
        + "public sealed class Generic<T>(StateSpace space) " + Base
        + "internal sealed class Hidden(StateSpace space) " + Base
        + "public sealed class Text { }"
        + "public struct Value { }";

    private static readonly byte[] File = CompiledEnergies.Compile(Many);

    private readonly TemporaryFolder _folder = new();

    /// <summary>The name of a class of <see cref="Many"/>, and the error.</summary>
    public static TheoryData<string, string> Types => new()
    {
        { "C", "there is no class 'C' in PATH; its energies are: A, B." },
        { "a", "there is no class 'a' in PATH" },
        { "A, Other", "there is no class 'A, Other' in PATH" },
        { "Abstract", "Abstract of PATH is abstract; its energies are: A, B." },
        { "Generic`1", "Generic`1 of PATH is generic" },
        { "Hidden", "Hidden of PATH is not public" },
        { "Text", "Text of PATH neither derives from AutogradEnergy nor implements IEnergy" },
        { "Value", "Value of PATH neither derives from AutogradEnergy nor implements IEnergy" },
    };

    /// <summary>A class Mine, options, and the error.</summary>
    public static TheoryData<string, string?, string> Classes => new()
    {
        { "public class Mine() : AutogradEnergy(new StateSpace(2, UnitKind.Real)) { protected override Tensor "
            + "Evaluate(Parameters parameters, Tensor states) => states.sum(1); }",
            null, "energy.type: Mine of PATH has the public constructors (); expected one public constructor, "
            + "(StateSpace) or (StateSpace, options)." },
        { "public class Mine(StateSpace space, int a, int b) " + Base, null,
            "constructors (StateSpace, Int32, Int32)" },
        { "public class Mine(StateSpace space) " + Base[..^1]
            + "public Mine(StateSpace space, int a) : this(space) { } }",
            null, "constructors (StateSpace), (StateSpace, Int32)" },
        { "public class Mine { }", null, "it has no public class that derives from AutogradEnergy" },
        { "public class Mine(StateSpace space) " + Base, """{"a": 1}""",
            "energy.options: the constructor of Mine takes no options." },
        { "public class Mine(StateSpace space) : AutogradEnergy(space, Fail()) { static InitialParameter Fail() => "
            + "throw new ArgumentException(\"no\"); protected override Tensor Evaluate(Parameters parameters, Tensor "
            + "states) => states.sum(1); }",
            null, "energy.type: the constructor of Mine failed: ArgumentException in Mine.Fail: no." },
        { "public class Mine(StateSpace space) : AutogradEnergy(space with { Features = 3 }, "
            + "InitialParameter.Constant(\"w\", 1, 2)) { protected override Tensor Evaluate(Parameters parameters, "
            + "Tensor states) => states.sum(1); }",
            null, "Mine of PATH is defined on StateSpace { Features = 3" },
        { "public class Mine(StateSpace space) : AutogradEnergy(space) { protected override Tensor Evaluate(Parameters "
            + "parameters, Tensor states) => states.sum(1); }",
            null, "Mine of PATH has no parameters to train; declare one." },
        { WithOptions("required int Width"), null, "energy.options.width: missing; expected Int32" },
        { WithOptions("int Width"), """{"widht": 1}""", "energy.options.widht: unknown key; expected one of: width" },
        { WithOptions("int Width"), """{"width": "a"}""",
            "energy.options.width: The JSON value could not be converted to System.Int32." },
        { WithOptions("int[] Widths"), """{"widths": [1, null]}""", "energy.options.widths[1]: " },
        { WithOptions("DayOfWeek Day"), """{"day": "someday"}""", "energy.options.day: " },
        { WithOptions("Inner Inner") + "public record Inner { public int A { get; init; } }",
            """{"inner": {"b": 1}}""", "energy.options.inner" },
        { WithOptions("IDisposable Thing"), """{"thing": {}}""", "energy.options: Options cannot be read from them: " },
    };

    [Theory, MemberData(nameof(Types))]
    public void Open_TypeThatIsNoEnergy_ReportsTheReason(string type, string expected) =>
        Assert.StartsWith("energy.type: " + Placed(expected), Problem(File, type, null), StringComparison.Ordinal);

    [Theory, MemberData(nameof(Classes))]
    public void Open_ClassThatCannotBeConstructed_ReportsTheReason(string source, string? options, string expected) =>
        Assert.Contains(Placed(expected), Problem(CompiledEnergies.Compile(source), "Mine", options),
            StringComparison.Ordinal);

    [Fact]
    public void Open_Options_ReachTheConstructor()
    {
        var source = WithOptions("int Width", "DayOfWeek Day", "double Scale = 2");
        Open(CompiledEnergies.Compile(source), "Mine", """{"width": 3, "day": "friday"}""");
        Assert.Contains("3 Friday 2", Problem(
            CompiledEnergies.Compile(source.Replace("_ = options", "throw new ArgumentException($\"{options.Width} "
                + "{options.Day} {options.Scale}\")", StringComparison.Ordinal)),
            "Mine", """{"width": 3, "day": "friday"}"""), StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private static string WithOptions(params string[] members) =>
        $"public sealed record Options {{ {string.Concat(members.Select(Property))} }}"
        + "public class Mine : AutogradEnergy { public Mine(StateSpace space, Options options) : base(space, "
        + "InitialParameter.Constant(\"w\", 1, 2)) { _ = options; } protected override Tensor Evaluate(Parameters "
        + "parameters, Tensor states) => states.sum(1); }";

    private static string Property(string member) => member.Split(" = ") is [var name, var value]
        ? $"public {name} {{ get; init; }} = {value};"
        : $"public {member} {{ get; init; }} ";

    private string Placed(string expected) =>
        expected.Replace("PATH", $"{_folder.Path}/a.dll", StringComparison.Ordinal);

    private string Problem(byte[] file, string type, string? options)
    {
        var message = Assert.ThrowsAny<InputException>(() => Open(file, type, options)).Message;
        Assert.DoesNotContain('\n', message);
        return message;
    }

    private void Open(byte[] file, string type, string? options) => AssemblyEnergy.Open(
        new AssemblyEnergySpec
        {
            Path = _folder.Write("a.dll", file),
            Type = type,
            Options = options is null ? null : FreeMapping.Of(JsonSerializer.Deserialize<JsonElement>(options)),
        },
        2);
}
