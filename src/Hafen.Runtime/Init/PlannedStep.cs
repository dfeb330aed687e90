namespace Hafen.Runtime.Init;

/// <summary>One operation of the child as it is planned: decided from data alone, comparable, printable. <see cref="NativePlan"/> turns it into a <see cref="Step"/>.</summary>
/// <param name="Code">What to do.</param>
/// <param name="Stage">The words an error starts with, for example <c>mount proc at /proc</c>.</param>
internal sealed record PlannedStep(StepCode Code, string Stage)
{
    /// <summary>What the step's descriptor is to be opened from, just before the clone; null when it needs none.</summary>
    public PlannedHandle? Handle { get; init; }

    public int Descriptor { get; init; } = -1;
    public int Number { get; init; }
    public long Value { get; init; }
    public long Other { get; init; }
    public string? Text { get; init; }
    public string? Second { get; init; }
    public byte[]? Data { get; init; }

    /// <summary>A null member becomes a null pointer.</summary>
    public string?[]? Strings { get; init; }

    public string?[]? Environment { get; init; }

    /// <summary>One line for people and tests: code and the operands that are set.</summary>
    public override string ToString()
    {
        string text = Code.ToString();
        if (Text is not null)
            text += $" {Text}";
        if (Second is not null)
            text += $" <{Second}>";
        if (Strings is { Length: > 0 })
            text += $" [{string.Join(' ', Strings)}]";
        if (Value != 0)
            text += $" value=0x{Value:x}";
        if (Other != 0)
            text += $" other=0x{Other:x}";
        if (Number != 0)
            text += $" number={Number}";
        return Handle is null ? text : $"{text} from {Handle}";
    }
}
