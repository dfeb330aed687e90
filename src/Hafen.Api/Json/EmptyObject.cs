namespace Hafen.Api;

/// <summary>The value <c>{}</c> of sets such as <c>ExposedPorts</c> and <c>Volumes</c>.</summary>
public sealed record EmptyObject
{
    public static EmptyObject Value { get; } = new();
}
