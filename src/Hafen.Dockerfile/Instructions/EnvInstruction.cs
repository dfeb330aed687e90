using Hafen.Dockerfile.Expand;

namespace Hafen.Dockerfile.Instructions;

/// <summary><c>ENV</c>: variables of the environment.</summary>
public sealed record EnvInstruction(LineRange Lines, IReadOnlyList<NameValue> Variables) : Instruction(Lines)
{
    public override EnvInstruction Expand(Variables variables) => this with { Variables = ExpandPairs.Expand("ENV", Variables, variables) };
}
