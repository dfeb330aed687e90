using Hafen.Dockerfile.Expand;

namespace Hafen.Dockerfile.Instructions;

/// <summary><c>STOPSIGNAL</c>: the signal that asks the container to end.</summary>
/// <param name="Lines">Where it stands.</param>
/// <param name="Signal">Name or number; whether there is such a signal is not looked at.</param>
public sealed record StopsignalInstruction(LineRange Lines, string Signal) : Instruction(Lines)
{
    public override StopsignalInstruction Expand(Variables variables) => this with { Signal = VariableText.Expand(Signal, variables) };
}
