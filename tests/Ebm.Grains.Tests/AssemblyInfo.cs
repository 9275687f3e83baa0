// Each test has silos of its own, and there are few cores: side by side they would only starve each other's probes.
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]
