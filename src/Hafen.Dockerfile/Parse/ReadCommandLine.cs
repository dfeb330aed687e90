using Hafen.Dockerfile.Instructions;

namespace Hafen.Dockerfile.Parse;

/// <summary>What is to be run, in either form.</summary>
internal static class ReadCommandLine
{
    /// <exception cref="DockerfileException">A list of other things than strings.</exception>
    public static CommandLine From(string text) => new(text, JsonList.TryRead(text));
}
