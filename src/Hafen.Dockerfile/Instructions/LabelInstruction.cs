using Hafen.Dockerfile.Expand;

namespace Hafen.Dockerfile.Instructions;

/// <summary><c>LABEL</c>: labels of the image.</summary>
public sealed record LabelInstruction(LineRange Lines, IReadOnlyList<NameValue> Labels) : Instruction(Lines)
{
    public override LabelInstruction Expand(Variables variables) => this with { Labels = ExpandPairs.Expand("LABEL", Labels, variables) };
}
