namespace Hafen.Cli.CommandLine;

/// <summary>One option of a command, declared as data. How its text becomes a value is the subclass's business.</summary>
internal abstract class Flag(string name, char shorthand, string typeName, string usage)
{
    /// <summary>Long name without dashes.</summary>
    public string Name => name;

    /// <summary>One-letter name, or <c>\0</c>.</summary>
    public char Shorthand => shorthand;

    /// <summary>What help shows as the kind of the value; empty for switches.</summary>
    public string TypeName => typeName;

    public string Usage => usage;

    /// <summary>What help shows as <c>(default …)</c>, or null to show nothing.</summary>
    public string? DefaultText { get; init; }

    /// <summary>Accepted, but not shown in help.</summary>
    public bool Hidden { get; init; }

    /// <summary>The value when the flag is given without one (<c>--rm</c>), or null when a value is required.</summary>
    public string? ImpliedValue { get; init; }

    /// <summary>The user gave it.</summary>
    public bool Changed { get; private set; }

    /// <summary>Takes one value from the command line.</summary>
    /// <exception cref="FormatException">It is not a value of this flag; the message says why.</exception>
    public void Set(string text)
    {
        Accept(text);
        Changed = true;
    }

    /// <summary>How messages name the flag: <c>-m, --memory</c>.</summary>
    public string Display => shorthand == '\0' ? $"--{name}" : $"-{shorthand}, --{name}";

    protected abstract void Accept(string text);
}
