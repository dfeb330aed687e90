namespace Hafen.Linux.Procfs;

/// <summary>A column of <c>ps</c>.</summary>
/// <param name="Title">Heading.</param>
/// <param name="Cell">The text for a process.</param>
/// <param name="Number">What rows are sorted by; null where it is the text.</param>
internal sealed record PsColumn(string Title, Func<PsProcess, string> Cell, Func<PsProcess, long>? Number = null)
{
    public int Compare(PsProcess first, PsProcess second)
        => Number is not null ? Number(first).CompareTo(Number(second)) : string.CompareOrdinal(Cell(first), Cell(second));
}
