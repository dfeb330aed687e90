namespace Hafen.Dockerfile.Instructions;

/// <summary><c>ONBUILD</c>: an instruction for those who build on the image.</summary>
/// <param name="Lines">Where it stands.</param>
/// <param name="Trigger">That instruction as it is written: it is read when it is carried out.</param>
public sealed record OnbuildInstruction(LineRange Lines, string Trigger) : Instruction(Lines);
