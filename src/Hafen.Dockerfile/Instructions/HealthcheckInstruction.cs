using Hafen.Oci.Images;

namespace Hafen.Dockerfile.Instructions;

/// <summary><c>HEALTHCHECK</c>: how to see whether the container works, or <c>NONE</c>.</summary>
public sealed record HealthcheckInstruction(LineRange Lines, ImageHealthcheck Check) : Instruction(Lines);
