namespace Hafen.Dockerfile.Instructions;

/// <summary><c>CMD</c>: the command of containers that name none, or the arguments of their entrypoint.</summary>
public sealed record CmdInstruction(LineRange Lines, CommandLine Command) : Instruction(Lines);
