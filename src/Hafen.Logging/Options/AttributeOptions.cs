using System.Text.RegularExpressions;
using Hafen.Errors;

namespace Hafen.Logging.Options;

/// <summary>
/// What each line says of its container: labels and variables chosen by name (<c>labels</c>, <c>env</c>) or by pattern (<c>labels-regex</c>, <c>env-regex</c>),
/// and the <c>tag</c>.
/// </summary>
internal static class AttributeOptions
{
    private const string Labels = "labels", Variables = "env", Pattern = "-regex", Tag = "tag";

    public static IReadOnlyList<LogOption> All { get; } =
    [
        new(Labels),
        new(Labels + Pattern, static options => Expression(options[Labels + Pattern])),
        new(Variables),
        new(Variables + Pattern, static options => Expression(options[Variables + Pattern])),
        new(Tag, static options => LogTag.Fill(options[Tag], static _ => "")),
    ];

    /// <summary>Whether the options choose anything, if the container has it.</summary>
    public static bool Any(IReadOnlyDictionary<string, string> options)
        => options.Count > 0 && All.Any(option => options.ContainsKey(option.Name));

    /// <summary>What is chosen, sorted by name.</summary>
    public static SortedDictionary<string, string> Of(LogContainer container, IReadOnlyDictionary<string, string> options)
    {
        var attributes = new SortedDictionary<string, string>(StringComparer.Ordinal);
        if (container.Labels is { } labels)
            Choose(labels, Labels);
        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string variable in container.Environment ?? [])
        {
            int equals = variable.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0)
                variables[variable[..equals]] = variable[(equals + 1)..];
        }
        Choose(variables, Variables);
        if (options.TryGetValue(Tag, out string? tag) && tag.Length > 0)
            attributes[Tag] = LogTag.Fill(tag, field => LogTag.Field(container, field));
        return attributes;

        void Choose(IReadOnlyDictionary<string, string> from, string option)
        {
            if (options.TryGetValue(option, out string? names))
            {
                foreach (string name in names.Split(','))
                {
                    if (from.TryGetValue(name, out string? value))
                        attributes[name] = value;
                }
            }
            if (options.TryGetValue(option + Pattern, out string? pattern) && pattern.Length > 0)
            {
                var expression = Expression(pattern);
                foreach (var (name, value) in from)
                {
                    if (expression.IsMatch(name))
                        attributes[name] = value;
                }
            }
        }
    }

    private static Regex Expression(string pattern)
    {
        try
        {
            // No backtracking: a pattern of a client must not be able to keep the daemon busy.
            return new Regex(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        }
        catch (Exception exception) when (exception is ArgumentException or NotSupportedException)
        {
            throw new LogException(ErrorKind.InvalidParameter, $"error parsing regexp: `{pattern}`", exception);
        }
    }
}
