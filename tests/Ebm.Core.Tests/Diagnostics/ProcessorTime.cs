using System.Runtime.InteropServices;

namespace Ebm.Core.Tests.Diagnostics;

/// <summary>Processor time of a piece of work on one thread, which other work on the machine does not add to.</summary>
internal static partial class ProcessorTime
{
    private const int ThreadClock = 3;

    /// <summary>The shortest of several repetitions, after one that compiles the code.</summary>
    public static TimeSpan Of(Action work, int repetitions = 3)
    {
        work();
        return Enumerable.Range(0, repetitions).Min(_ =>
        {
            var begun = Now();
            work();
            return Now() - begun;
        });
    }

    private static TimeSpan Now()
    {
        Assert.Equal(0, ReadClock(ThreadClock, out var now));
        return TimeSpan.FromSeconds(now.Seconds) + TimeSpan.FromMicroseconds(now.Nanoseconds / 1000.0);
    }

    // CLOCK_THREAD_CPUTIME_ID of clock_gettime(3).
    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int ReadClock(int clock, out Timespec now);

    [StructLayout(LayoutKind.Sequential)]
    private struct Timespec
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
