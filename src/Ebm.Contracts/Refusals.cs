using Ebm.Core;

namespace Ebm.Contracts;

/// <summary>A message that cannot be meant: numbers out of range, a piece that does not exist, no key.</summary>
public sealed class MalformedMessageException(string message) : InputException(message);

/// <summary>A message above a limit.</summary>
public sealed class MessageTooLargeException(string message) : InputException(message);

/// <summary>A call for a run that does not exist, or no longer.</summary>
public sealed class UnknownRunException(string run)
    : InputException($"there is no run '{run}'. `ebm list` shows the runs.");
