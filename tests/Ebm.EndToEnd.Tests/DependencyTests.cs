using System.Text.RegularExpressions;
using System.Xml.Linq;
using Ebm.Core;

namespace Ebm.EndToEnd.Tests;

/// <summary>Dependencies point one way: Core, Contracts, Grains, Silo, Client.</summary>
public sealed class DependencyTests
{
    private static readonly string[] Order = ["Ebm.Core", "Ebm.Contracts", "Ebm.Grains", "Ebm.Silo", "Ebm.Client"];
    private static readonly string[] OutsideCore = ["Orleans", "Microsoft.Orleans", "StackExchange.Redis"];

    private static string Folder(string project) => Path.Combine(Repository.Root, "src", project);

    [Fact]
    public void Projects_InTheSourceFolder_AreTheOnesOfTheOrder() =>
        Assert.Equal(
            Order.Order(StringComparer.Ordinal),
            Directory.GetDirectories(Path.Combine(Repository.Root, "src")).Select(Path.GetFileName)
                .Order(StringComparer.Ordinal));

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Project_References_AreTheOneBeforeIt(int index)
    {
        var project = XDocument.Load(Path.Combine(Folder(Order[index]), Order[index] + ".csproj"));
        var references = project.Descendants("ProjectReference")
            .Select(r => Path.GetFileNameWithoutExtension(r.Attribute("Include")!.Value.Replace('\\', '/')));

        Assert.Equal(index == 0 ? [] : [Order[index - 1]], references);
    }

    [Fact]
    public void Core_WhatItRestores_HasNeitherOrleansNorRedis()
    {
        var locked = File.ReadAllText(Path.Combine(Folder("Ebm.Core"), "packages.lock.json"));

        Assert.Contains("\"TorchSharp\"", locked, StringComparison.Ordinal);
        Assert.All(OutsideCore, name => Assert.DoesNotContain($"\"{name}", locked, StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public void Core_AsCompiled_RefersToNeitherOrleansNorRedis()
    {
        var referenced = typeof(EbmException).Assembly.GetReferencedAssemblies().Select(a => a.Name!).ToArray();

        Assert.NotEmpty(referenced);
        Assert.DoesNotContain(
            referenced, name => OutsideCore.Any(o => name.StartsWith(o, StringComparison.OrdinalIgnoreCase)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Sources_OfAProject_NameNoLaterProject(int index)
    {
        var later = new Regex($@"\b({string.Join('|', Order[(index + 1)..].Select(Regex.Escape))})\b");
        var naming =
            from file in Directory.EnumerateFiles(Folder(Order[index]), "*.cs", SearchOption.AllDirectories)
            from line in File.ReadLines(file).Select((text, i) => (text, number: i + 1))
            where later.IsMatch(line.text)
            select $"{Path.GetRelativePath(Repository.Root, file)}:{line.number}: {line.text.Trim()}";

        Assert.Empty(naming);
    }
}
