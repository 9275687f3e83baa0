using System.Security.Cryptography;
using Ebm.Client.Local.Processes;

namespace Ebm.Client.Local;

/// <summary>
/// The folder of a local cluster's Redis: its configuration, with the password, and its log of writes.
/// </summary>
internal static class RedisFiles
{
    public const string Configuration = "redis.conf";

    /// <summary>A password that is also a part of a URL.</summary>
    public static string NewPassword() => RandomNumberGenerator.GetHexString(48, lowercase: true);

    /// <summary>Makes the folder, which nobody else can read, and the configuration.</summary>
    public static void Write(string folder, int port, string password)
    {
        PrivateFile.Folder(folder);
        PrivateFile.Write(Path.Combine(folder, Configuration), $"""
            bind 127.0.0.1
            port {port}
            requirepass {password}
            dir ./
            # Every write is in the log at once, and on the disk within a second.
            appendonly yes
            appendfsync everysec
            # Marks in the log at which it can be cut back, to see what a loss of power would do.
            aof-timestamp-enabled yes
            save ""
            # A full memory refuses writes: nothing that a run needs is ever evicted.
            maxmemory-policy noeviction

            """);
    }
}
