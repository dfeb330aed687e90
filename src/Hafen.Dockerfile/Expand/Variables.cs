namespace Hafen.Dockerfile.Expand;

/// <summary>The value a variable has at some point of a Dockerfile; null when it is not set.</summary>
public delegate string? Variables(string name);
