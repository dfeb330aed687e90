using Hafen.Dockerfile.Instructions;

namespace Hafen.Dockerfile.Parse;

/// <summary>The instructions of a text.</summary>
public static class ReadInstructions
{
    /// <summary>
    /// Reads them in order, each when it is asked for: those before a wrong one have been handed out when it fails.
    /// </summary>
    /// <exception cref="DockerfileException">An instruction is unknown or malformed; thrown while the result is enumerated.</exception>
    public static IEnumerable<Instruction> From(string text) => LogicalLine.In(text).Select(ReadInstruction.From);
}
