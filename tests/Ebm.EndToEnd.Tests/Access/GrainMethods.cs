using System.Reflection;
using Ebm.Contracts.Access;
using Ebm.Contracts.Runs;

namespace Ebm.EndToEnd.Tests.Access;

/// <summary>A method of a grain that a client could try to call.</summary>
/// <param name="Grain">The grain's interface.</param>
/// <param name="Method">The method.</param>
internal sealed record GrainMethod(Type Grain, MethodInfo Method)
{
    /// <summary>Whom it is open to; null for nobody.</summary>
    public Role? Role => Method.GetCustomAttribute<OpenToAttribute>()?.Role;

    /// <summary>Calls it with nothing for arguments.</summary>
    public async Task Call(IGrainFactory grains)
    {
        var grain = typeof(IGrainWithStringKey).IsAssignableFrom(Grain)
            ? grains.GetGrain(Grain, "nobody/0")
            : grains.GetGrain(Grain, 0);
        object?[] nothing = [.. Method.GetParameters()
            .Select(p => p.ParameterType.IsValueType ? Activator.CreateInstance(p.ParameterType) : null)];
        await (Method.Invoke(grain, nothing) switch
        {
            Task task => task,
            ValueTask task => task.AsTask(),
            var other => throw new InvalidOperationException($"{this} returns {other}"),
        });
    }

    public override string ToString() => $"{Grain.Name}.{Method.Name}";
}

/// <summary>All methods of the contracts' grains.</summary>
internal static class GrainMethods
{
    public static IEnumerable<GrainMethod> All() =>
        from type in typeof(IRunGrain).Assembly.GetTypes()
        where type.IsInterface && typeof(IGrain).IsAssignableFrom(type)
        from method in type.GetMethods()
        where !method.IsStatic
        select new GrainMethod(type, method);
}
