using Hafen.Dockerfile.Expand;

namespace Hafen.Dockerfile.Instructions;

/// <summary>One instruction of a Dockerfile, as it is written: until <see cref="Expand"/> its texts hold quotes and variables where the language allows them.</summary>
/// <param name="Lines">Where it stands.</param>
public abstract record Instruction(LineRange Lines)
{
    /// <summary>The same with values in place of variables, and without quotes. What the language leaves alone stays as it is.</summary>
    /// <exception cref="DockerfileException">A quote or brace is not closed, a variable has to be set and is not, or what comes out cannot be.</exception>
    public virtual Instruction Expand(Variables variables) => this;
}
