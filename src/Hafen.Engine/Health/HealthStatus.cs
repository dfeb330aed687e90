namespace Hafen.Engine.Health;

/// <summary>Docker's words for the health of a container.</summary>
internal static class HealthStatus
{
    /// <summary>No check is made.</summary>
    public const string None = "none";

    /// <summary>No check has succeeded yet, and not enough have failed.</summary>
    public const string Starting = "starting";

    public const string Healthy = "healthy";
    public const string Unhealthy = "unhealthy";
}
