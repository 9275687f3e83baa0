using Ebm.Core;

namespace Ebm.Client.Runs;

/// <summary>There is no such run or checkpoint.</summary>
internal sealed class NotFoundException(string message) : EbmException(message);
