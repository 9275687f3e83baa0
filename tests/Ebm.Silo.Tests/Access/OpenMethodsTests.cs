using System.Reflection;
using Ebm.Contracts.Access;
using Ebm.Contracts.Runs;

namespace Ebm.Silo.Tests.Access;

/// <summary>Which methods are open to clients, and to whom: a list, so that none is opened by accident.</summary>
public sealed class OpenMethodsTests
{
    [Fact]
    public void Methods_ThatAreOpen_AreTheseAlone()
    {
        var open =
            from type in typeof(IRunGrain).Assembly.GetTypes()
            where type.IsInterface && typeof(IAddressable).IsAssignableFrom(type)
            from method in type.GetMethods()
            let role = method.GetCustomAttribute<OpenToAttribute>()?.Role
            where role is not null
            select $"{role} {type.Name}.{method.Name}";
        Assert.Equal(
            [
                "Admin IRunGrain.Delete",
                "Read IAnnealGrain.Work",
                "Read IClusterGrain.Runs", "Read IClusterGrain.Silos",
                "Read IModelGrain.Continue", "Read IModelGrain.Evaluate", "Read IModelGrain.Export",
                "Read IModelGrain.Put",
                "Read IModelGrain.Sample", "Read IModelGrain.Score", "Read IModelGrain.Take",
                "Read IRunGrain.Artefact", "Read IRunGrain.Details", "Read IRunGrain.Events", "Read IRunGrain.Status",
                "Submit IRunGrain.Resume", "Submit IRunGrain.Stop", "Submit IRunGrain.Submit",
            ],
            open.Order(StringComparer.Ordinal));
    }
}
