using System.Reflection;

namespace Ebm.Grains.Tests.Epochs;

/// <summary>An interface of which a test needs one or two methods.</summary>
public class Stub : DispatchProxy
{
    private Func<MethodInfo, object?[], object?> _answer = (_, _) => null;

    /// <summary>An object whose calls a function answers; a null answer is an error.</summary>
    internal static T Of<T>(Func<MethodInfo, object?[], object?> answer) where T : class
    {
        var stub = Create<T, Stub>();
        ((Stub)(object)stub)._answer = answer;
        return stub;
    }

    /// <inheritdoc/>
    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
        _answer(targetMethod!, args ?? []) ?? throw new NotSupportedException(targetMethod!.ToString());
}
