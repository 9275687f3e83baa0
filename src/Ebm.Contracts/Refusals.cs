using Ebm.Core;

namespace Ebm.Contracts;

/// <summary>A malformed message: a number out of range, a page that does not exist, a key of another form.</summary>
internal sealed class MalformedMessageException(string message) : InputException(message);

/// <summary>A message above a limit.</summary>
internal sealed class MessageTooLargeException(string message) : InputException(message);

/// <summary>A call for a run that does not exist.</summary>
internal sealed class UnknownRunException(string run)
    : InputException($"there is no run '{run}'. `ebm list` shows the runs.");
