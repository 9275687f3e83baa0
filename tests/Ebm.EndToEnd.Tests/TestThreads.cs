using System.Runtime.CompilerServices;

namespace Ebm.EndToEnd.Tests;

/// <summary>
/// Threads for tests that wait: some block one until a process ends, and with as few as there are processors the others would not get to
/// read what their own processes say, and would interrupt them too late.
/// </summary>
internal static class TestThreads
{
    private const int Least = 32;

    [ModuleInitializer]
    internal static void Provide() => ThreadPool.SetMinThreads(Least, Least);
}
