namespace Hafen.TimeLimits;

/// <summary>Seconds a test, or each test of a class, may take when the usual limit is too short.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
internal sealed class LimitAttribute(int seconds) : Attribute
{
    public int Seconds => seconds;
}
