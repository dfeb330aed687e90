using Hafen.Dockerfile.Expand;

namespace Hafen.Dockerfile.Instructions;

/// <summary><c>WORKDIR</c>: the working folder; a relative path is below the one before.</summary>
public sealed record WorkdirInstruction(LineRange Lines, string Path) : Instruction(Lines)
{
    public override WorkdirInstruction Expand(Variables variables) => this with { Path = VariableText.Expand(Path, variables) };
}
