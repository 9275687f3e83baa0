using System.Security.Cryptography;
using Ebm.Client.Local.Processes;

namespace Ebm.Client.Local;

/// <summary>
/// The folder of a local cluster's Redis: its configuration, with the password, and its append-only log.
/// </summary>
internal static class RedisFiles
{
    public const string Configuration = "redis.conf";

    /// <summary>A random password, valid in a URL.</summary>
    public static string NewPassword() => RandomNumberGenerator.GetHexString(48, lowercase: true);

    /// <summary>Creates the folder, which no other user can read, and the configuration.</summary>
    public static void Write(string folder, int port, string password)
    {
        PrivateFile.Folder(folder);
        PrivateFile.Write(Path.Combine(folder, Configuration), $"""
            bind 127.0.0.1
            port {port}
            requirepass {password}
            dir ./
            # Append each write to the log at once, and flush the log to the disk each second.
            appendonly yes
            appendfsync everysec
            # Timestamps in the log, at which it can be truncated: this simulates a loss of power.
            aof-timestamp-enabled yes
            save ""
            # Reject writes when the memory is full: a run needs all of its keys, so none is evicted.
            maxmemory-policy noeviction

            """);
    }
}
