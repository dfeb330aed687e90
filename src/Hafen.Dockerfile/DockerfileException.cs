using Hafen.Errors;

namespace Hafen.Dockerfile;

/// <summary>A text that is no Dockerfile, or an instruction that says what cannot be. The message is Docker's.</summary>
public sealed class DockerfileException(string message) : HafenException(ErrorKind.InvalidParameter, message);
