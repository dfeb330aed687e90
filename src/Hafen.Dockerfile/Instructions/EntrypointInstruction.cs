namespace Hafen.Dockerfile.Instructions;

/// <summary><c>ENTRYPOINT</c>: what every container runs.</summary>
public sealed record EntrypointInstruction(LineRange Lines, CommandLine Command) : Instruction(Lines);
