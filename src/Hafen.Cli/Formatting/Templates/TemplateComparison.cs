namespace Hafen.Cli.Formatting.Templates;

/// <summary><c>eq ne lt le gt ge</c>: values of one kind compare; numbers of both kinds compare by value.</summary>
internal static class TemplateComparison
{
    public static bool EqualsAny(IReadOnlyList<object?> arguments)
    {
        if (arguments.Count < 2)
            throw new TemplateException("error calling eq: missing argument for comparison");
        for (int index = 1; index < arguments.Count; index++)
        {
            if (AreEqual(arguments[0], arguments[index]))
                return true;
        }
        return false;
    }

    public static bool AreEqual(object? left, object? right) => (left, right) switch
    {
        (null or NullValue, null or NullValue) => true,
        (null or NullValue, _) or (_, null or NullValue) => false,
        (string a, string b) => a == b,
        (bool a, bool b) => a == b,
        (long a, long b) => a == b,
        (long or double, long or double) => Convert.ToDouble(left).Equals(Convert.ToDouble(right)),
        _ => throw new TemplateException($"error calling eq: {(IsBasic(left) && IsBasic(right) ? "incompatible types for comparison" : "non-comparable type")}"),
    };

    public static int Compare(object? left, object? right, string function) => (left, right) switch
    {
        (string a, string b) => string.CompareOrdinal(a, b),
        (long a, long b) => a.CompareTo(b),
        (long or double, long or double) => Convert.ToDouble(left).CompareTo(Convert.ToDouble(right)),
        _ => throw new TemplateException($"error calling {function}: {(IsBasic(left) && IsBasic(right) ? "incompatible types for comparison" : "invalid type for comparison")}"),
    };

    private static bool IsBasic(object? value) => value is string or bool or long or double;
}
