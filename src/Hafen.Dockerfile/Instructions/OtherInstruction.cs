namespace Hafen.Dockerfile.Instructions;

/// <summary>An instruction that belongs to the language, and of which no more is known here than that: <c>FROM</c>, <c>RUN</c>, <c>COPY</c>, …</summary>
/// <param name="Lines">Where it stands.</param>
/// <param name="Word">Its first word as it is written.</param>
/// <param name="Arguments">The rest.</param>
public sealed record OtherInstruction(LineRange Lines, string Word, string Arguments) : Instruction(Lines);
