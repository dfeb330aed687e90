namespace Hafen.Dockerfile.Instructions;

/// <summary>A pair such as <c>a=b</c>.</summary>
public readonly record struct NameValue(string Name, string Value);
