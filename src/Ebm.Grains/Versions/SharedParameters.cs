using Ebm.Core.Energies;

namespace Ebm.Grains.Versions;

/// <summary>Parameters with several readers; freed when they are retired and the last reader has finished.</summary>
internal sealed class SharedParameters(long version, Parameters parameters)
{
    private readonly Lock _gate = new();
    private int _leases;
    private bool _retired;

    /// <summary>A lease; null if the parameters are retired already.</summary>
    public ParameterLease? TryLease()
    {
        lock (_gate)
        {
            if (_retired)
            {
                return null;
            }

            _leases++;
            return new ParameterLease(version, parameters, Release);
        }
    }

    /// <summary>Ends the leasing; frees the parameters with the last lease.</summary>
    public void Retire()
    {
        lock (_gate)
        {
            if (!_retired)
            {
                _retired = true;
                FreeIfUnused();
            }
        }
    }

    private void Release()
    {
        lock (_gate)
        {
            _leases--;
            FreeIfUnused();
        }
    }

    private void FreeIfUnused()
    {
        if (_retired && _leases == 0)
        {
            parameters.Dispose();
        }
    }
}

/// <summary>The right to read parameters until it is disposed.</summary>
internal sealed class ParameterLease(long version, Parameters parameters, Action release) : IDisposable
{
    private int _released;

    /// <summary>Their version.</summary>
    public long Version { get; } = version;

    /// <summary>The parameters; not to be used after the lease.</summary>
    public Parameters Parameters { get; } = parameters;

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _released, 1) == 0)
        {
            release();
        }
    }
}
