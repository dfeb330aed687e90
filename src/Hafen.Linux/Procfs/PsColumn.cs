namespace Hafen.Linux.Procfs;

/// <summary>A column of <c>ps</c>.</summary>
/// <param name="Title">Heading.</param>
/// <param name="Cell">The text for a process.</param>
internal sealed record PsColumn(string Title, Func<PsProcess, string> Cell);
