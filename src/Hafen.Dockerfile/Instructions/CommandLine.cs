namespace Hafen.Dockerfile.Instructions;

/// <summary>What is to be run: a list of words (<c>["sh", "-c", "x"]</c>), or a line for the shell.</summary>
/// <param name="Text">As it is written.</param>
/// <param name="List">The words of the list; null for a line for the shell.</param>
public sealed record CommandLine(string Text, IReadOnlyList<string>? List);
