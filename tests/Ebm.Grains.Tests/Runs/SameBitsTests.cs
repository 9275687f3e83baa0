namespace Ebm.Grains.Tests.Runs;

/// <summary>Two embedded silos that differ in their number of lanes.</summary>
public sealed class LanePair : IAsyncLifetime
{
    private readonly TempHome _one = new(), _four = new();

    internal Embedded One { get; private set; } = null!;

    internal Embedded Four { get; private set; } = null!;

    public async ValueTask InitializeAsync() =>
        (One, Four) = (await Embedded.Start(_one.Path, lanes: 1), await Embedded.Start(_four.Path, lanes: 4));

    public async ValueTask DisposeAsync()
    {
        await One.DisposeAsync();
        await Four.DisposeAsync();
        _one.Dispose();
        _four.Dispose();
    }
}

public sealed class SameBitsTests(LanePair silos) : IClassFixture<LanePair>
{
    public static TheoryData<string> Names => [.. Specs.Table.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Submit_OneOrFourLanes_SameHashes(string name)
    {
        var spec = Specs.Table[name];
        var id = $"run-{Specs.Table.Keys.ToList().IndexOf(name)}";
        var runs = await Task.WhenAll(silos.One.Run(id).Complete(spec), silos.Four.Run(id).Complete(spec));
        Assert.Equal(runs[0].Hashes(), runs[1].Hashes());
        Assert.Equal(12, runs[0].Result!.Round);
    }

    [Fact]
    public async Task Submit_OtherSeed_OtherHashes()
    {
        var one = await silos.One.Run("seed-0").Complete(Specs.Mlp);
        var other = await silos.One.Run("seed-1").Complete(Specs.Mlp with { Seed = 1 });
        Assert.NotEqual(one.Hashes(), other.Hashes());
    }
}
