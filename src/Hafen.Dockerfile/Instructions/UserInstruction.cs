using Hafen.Dockerfile.Expand;

namespace Hafen.Dockerfile.Instructions;

/// <summary><c>USER</c>: whose processes the container runs, <c>user[:group]</c> by names or numbers.</summary>
public sealed record UserInstruction(LineRange Lines, string User) : Instruction(Lines)
{
    public override UserInstruction Expand(Variables variables) => this with { User = VariableText.Expand(User, variables) };
}
