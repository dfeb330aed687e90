namespace Hafen.Runtime.Cli.Options;

/// <summary>
/// The options of one verb, by runc's grammar: <c>--name value</c>, <c>--name=value</c>, one letter with one dash; options end at the first argument that
/// is none, or at <c>--</c>.
/// </summary>
internal sealed class VerbOptions
{
    private readonly Dictionary<string, List<string>> _values = [];

    /// <summary>What follows the options.</summary>
    public IReadOnlyList<string> Arguments { get; private init; } = [];

    /// <param name="arguments">What follows the verb.</param>
    /// <param name="flags">Options without a value, by their long names; <c>detach|d</c> has a letter too.</param>
    /// <param name="valued">Options with a value.</param>
    /// <exception cref="UsageException">An unknown option, or one without its value.</exception>
    public static VerbOptions Parse(IReadOnlyList<string> arguments, string[] flags, string[] valued)
    {
        var values = new Dictionary<string, List<string>>();
        int i = 0;
        for (; i < arguments.Count && arguments[i] is ['-', _, ..] argument; i++)
        {
            if (argument == "--")
            {
                i++;
                break;
            }

            string name = argument.TrimStart('-');
            string? value = null;
            if (name.IndexOf('=') is > 0 and var equals)
                (name, value) = (name[..equals], name[(equals + 1)..]);
            if (LongName(flags, name) is { } flag)
            {
                Add(values, flag, value ?? "true");
                continue;
            }

            string option = LongName(valued, name) ?? throw new UsageException($"flag provided but not defined: {argument}");
            if (value is null)
                value = ++i < arguments.Count ? arguments[i] : throw new UsageException($"flag needs an argument: {argument}");
            Add(values, option, value);
        }

        var result = new VerbOptions { Arguments = [.. arguments.Skip(i)] };
        foreach (var (name, list) in values)
            result._values[name] = list;
        return result;
    }

    public bool Has(string name) => _values.TryGetValue(name, out var list) && list[^1] != "false";

    /// <summary>The last value given.</summary>
    public string? Value(string name) => _values.TryGetValue(name, out var list) ? list[^1] : null;

    public IReadOnlyList<string> Values(string name) => _values.TryGetValue(name, out var list) ? list : [];

    /// <exception cref="UsageException">No number.</exception>
    public int Number(string name) => Value(name) is not { } text ? 0
        : int.TryParse(text, out int number) && number >= 0 ? number : throw Invalid(name, text);

    /// <summary>A whole number, perhaps negative; null when the option is not given.</summary>
    /// <exception cref="UsageException">No number.</exception>
    public long? Integer(string name) => Value(name) is not { } text ? null
        : long.TryParse(text, out long number) ? number : throw Invalid(name, text);

    /// <summary>A size in bytes with an optional unit, <c>64m</c> or <c>1GiB</c>, in powers of 1024; -1 for no limit; null when the option is not given.</summary>
    /// <exception cref="UsageException">No size.</exception>
    public long? Bytes(string name)
    {
        if (Value(name) is not { } text)
            return null;
        string digits = text.TrimEnd([.. "bBiIkKmMgGtTpP "]);
        string unit = text[digits.Length..].Trim().ToLowerInvariant();
        int power = unit is "" or "b" ? 0 : unit[1..] is "" or "b" or "ib" ? "kmgtp".IndexOf(unit[0]) + 1 : -1;
        if (!long.TryParse(digits, out long number) || number < -1 || power < 0 || (power == 0 && unit is not ("" or "b")) || number > long.MaxValue >> (10 * power))
            throw Invalid(name, text);
        return number < 0 ? number : number << (10 * power);
    }

    /// <summary>The container's ID, the first argument.</summary>
    /// <exception cref="UsageException">There is none.</exception>
    public string Id => Arguments.Count > 0 ? Arguments[0] : throw new UsageException("container id cannot be empty");

    private static UsageException Invalid(string name, string text) => new($"invalid value \"{text}\" for flag --{name}");

    private static void Add(Dictionary<string, List<string>> values, string name, string value)
    {
        if (!values.TryGetValue(name, out var list))
            values[name] = list = [];
        list.Add(value);
    }

    private static string? LongName(string[] options, string given)
    {
        foreach (string option in options)
        {
            int bar = option.IndexOf('|');
            if (bar < 0 ? option == given : option.AsSpan(0, bar).SequenceEqual(given) || option.AsSpan(bar + 1).SequenceEqual(given))
                return bar < 0 ? option : option[..bar];
        }

        return null;
    }
}

/// <summary>The command line is wrong.</summary>
internal sealed class UsageException(string message) : Exception(message);
