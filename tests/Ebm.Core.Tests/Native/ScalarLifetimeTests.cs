using System.Buffers.Binary;
using System.Reflection;
using System.Reflection.Emit;
using TorchSharp;

namespace Ebm.Core.Tests.Native;

/// <summary>
/// A number that is handed to libtorch becomes a <see cref="Scalar"/>, which only its finalizer holds: a collection may
/// free it under the call. So each is a local, which lives to the end of its block. This test inspects the compiled
/// code for one that is not.
/// </summary>
public sealed class ScalarLifetimeTests
{
    private static readonly Dictionary<short, OpCode> Codes = typeof(OpCodes)
        .GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(f => (OpCode)f.GetValue(null)!).ToDictionary(c => c.Value);

    [Fact]
    public void Scalars_InCompiledCode_AreLocals()
    {
        var all = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance
            | BindingFlags.Static | BindingFlags.DeclaredOnly;
        var found =
            from type in typeof(EbmException).Assembly.GetTypes()
            from method in type.GetMethods(all).Concat<MethodBase>(type.GetConstructors(all))
            where Frees(method)
            select $"{type.FullName}.{method.Name} makes a Scalar that is no local";
        Assert.Equal("", string.Join('\n', found.Distinct().Order(StringComparer.Ordinal)));
    }

    /// <summary>Whether it makes a Scalar and does not store it at once.</summary>
    private static bool Frees(MethodBase method)
    {
        var il = method.GetMethodBody()?.GetILAsByteArray() ?? [];
        var made = false;
        for (var at = 0; at < il.Length;)
        {
            var code = il[at] == 0xFE ? Codes[BinaryPrimitives.ReadInt16BigEndian(il.AsSpan(at))] : Codes[il[at]];
            at += code.Size;
            if (made && !Keeps(code.Name!))
            {
                return true;
            }

            made = (code == OpCodes.Call || code == OpCodes.Callvirt)
                && MakesScalar(method, BinaryPrimitives.ReadInt32LittleEndian(il.AsSpan(at)));
            at += code.OperandType switch
            {
                OperandType.InlineNone => 0,
                OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                OperandType.InlineVar => 2,
                OperandType.InlineI8 or OperandType.InlineR => 8,
                OperandType.InlineSwitch => 4 + (4 * BinaryPrimitives.ReadInt32LittleEndian(il.AsSpan(at))),
                _ => 4,
            };
        }

        return false;
    }

    /// <summary>Into a local or a field, or to the caller.</summary>
    private static bool Keeps(string code) =>
        code == "ret" || code.StartsWith("stloc", StringComparison.Ordinal) || code is "stfld" or "stsfld";

    private static bool MakesScalar(MethodBase method, int token)
    {
        Type[]? ofType = method.DeclaringType is { IsGenericType: true } declaring
            ? declaring.GetGenericArguments()
            : null;
        Type[]? ofMethod = method.IsGenericMethod ? method.GetGenericArguments() : null;
        var called = method.Module.ResolveMethod(token, ofType, ofMethod);
        return called is MethodInfo { ReturnType: var made } && made == typeof(Scalar);
    }
}
