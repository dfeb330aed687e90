using Hafen.Dockerfile.Expand;

namespace Hafen.Dockerfile.Instructions;

/// <summary><c>VOLUME</c>: folders that get a volume of their own.</summary>
public sealed record VolumeInstruction(LineRange Lines, IReadOnlyList<string> Paths) : Instruction(Lines)
{
    /// <exception cref="DockerfileException">A path is empty.</exception>
    public override VolumeInstruction Expand(Variables variables)
    {
        string[] paths = [.. Paths.Select(path => VariableText.Expand(path, variables))];
        return paths.All(path => path.Trim().Length > 0)
            ? this with { Paths = paths }
            : throw new DockerfileException("VOLUME specified can not be an empty string");
    }
}
