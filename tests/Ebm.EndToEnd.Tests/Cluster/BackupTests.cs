using System.Diagnostics;
using Ebm.Client.Local;
using Ebm.Client.Local.Processes;
using Ebm.EndToEnd.Tests.Console;

namespace Ebm.EndToEnd.Tests.Cluster;

/// <summary>A backup as docs/operations.md has it.</summary>
[Trait("Category", "Extra")]
public sealed class BackupTests
{
    private const int Rounds = 3000;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Restore_OfABackupInTheMiddleOfARun_LetsItEndAsIfNothingHadHappened()
    {
        using var console = new EbmConsole();
        var folder = Path.Combine(console.Folder, "cluster");
        var backup = Path.Combine(console.Folder, "backup.rdb");
        var spec = SmallSpecs.Rbm(console, Rounds);
        var expected = await console.Train(spec);
        await using (var first = new LocalCluster(new LocalClusterOptions { Silos = 1, Folder = folder }))
        {
            await first.Start(Cancel);
            var submit = console.Start("submit", spec, "--id", "saved", "--cluster", first.Address, "--output", "json");
            await EbmConsole.WaitFor(submit, "checkpoint", times: 3);
            await Ran("redis-cli", Password(first.Address), "-p", Port(first.Address), "--rdb", backup);
            first.Quit();
        }

        Directory.Delete(Path.Combine(folder, "redis"), recursive: true);
        Directory.CreateDirectory(Path.Combine(folder, "redis"));
        await Restored(Path.Combine(folder, "redis"), backup);

        await using var second = new LocalCluster(new LocalClusterOptions { Silos = 1, Folder = folder });
        await second.Start(Cancel);
        var ended = await console.Run("watch", "saved", "--cluster", second.Address, "--output", "json");
        Assert.True(ended.ExitCode == 0, ended.ToString());
        Assert.Equal(
            expected.GetProperty("stateSha256").GetString(), ended.Json[^1].GetProperty("stateSha256").GetString());
        var log = await console.Run("logs", "saved", "--cluster", second.Address);
        Assert.True(log.Output.Contains("resumes from the checkpoint of round", StringComparison.Ordinal), log.Output);
    }

    [Fact]
    public async Task Restore_OfAFileThatIsNoBackup_ReportsItAndChangesNothing()
    {
        using var console = new EbmConsole();
        using var redis = await RedisServer.Start(console.Folder);
        await Ran("redis-cli", "", "-p", $"{redis.Port}", "set", "kept", "1");
        var bad = await Run(Script, "", console.File("bad.rdb", "REDIS0011 and then nothing"), "-p", $"{redis.Port}");
        Assert.Equal(1, bad.Code);
        Assert.Contains("is no backup", bad.Errors, StringComparison.Ordinal);
        Assert.Contains(
            "1", await Ran("redis-cli", "", "-p", $"{redis.Port}", "get", "kept"), StringComparison.Ordinal);
        Assert.Equal(2, (await Run(Script, "", "/nowhere")).Code);
    }

    private static string Script => Path.Combine(Repository.Root, "deploy", "redis", "restore.sh");

    /// <summary>Restores into an empty Redis that keeps a log in a folder, and ends it.</summary>
    private static async Task Restored(string folder, string backup)
    {
        var port = $"{FreePorts.Next()}";
        using var redis = Process.Start(new ProcessStartInfo(
            "redis-server",
            ["--bind", "127.0.0.1", "--port", port, "--dir", folder, "--appendonly", "yes", "--save",
                ""]) { RedirectStandardOutput = true })!;
        while ((await redis.StandardOutput.ReadLineAsync(Cancel))?.Contains(
            "Ready to accept", StringComparison.Ordinal) == false)
        {
        }

        var said = await Ran(Script, "", backup, "-p", port);
        Assert.Matches("^restored [1-9][0-9]* keys\n$", said);
        await Ran("redis-cli", "", "-p", port, "shutdown");
        await redis.WaitForExitAsync(Cancel);
    }

    private static string Password(string address) => Uri.UnescapeDataString(new Uri(address).UserInfo.TrimStart(':'));

    private static string Port(string address) => $"{new Uri(address).Port}";

    private static async Task<string> Ran(string program, string password, params string[] arguments)
    {
        var (code, output, errors) = await Run(program, password, arguments);
        Assert.True(code == 0, $"{program} {string.Join(' ', arguments)}: {errors}{output}");
        return output;
    }

    private static async Task<(int Code, string Output, string Errors)> Run(
        string program, string password, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true,
            RedirectStandardError = true };
        start.Environment["RESTORE_PORT"] = $"{FreePorts.Next()}";
        if (password.Length > 0)
        {
            start.Environment["REDISCLI_AUTH"] = password;
        }

        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(Cancel),
            process.StandardError.ReadToEndAsync(Cancel));
        await process.WaitForExitAsync(Cancel);
        return (process.ExitCode, await output, await errors);
    }
}
