namespace Hafen.Cli.Session;

/// <summary>Our own output cannot be written: the disk behind it is full, or it was closed. That is nobody's failure but ours: exit code 1.</summary>
internal sealed class OutputException(string stream, string reason) : IOException($"write /dev/{stream}: {reason}");
