namespace Hafen.Linux.Procfs;

/// <summary>What <c>top</c> shows: titles, and one row of cells a process, as the Engine API carries them.</summary>
public sealed record ProcessTable(string[] Titles, string[][] Processes)
{
    /// <summary>
    /// Lists processes as procps' <c>ps</c> would with the given arguments (default <c>-ef</c>), restricted to the given pids.
    /// </summary>
    /// <exception cref="ProcessTableException">An argument that is not understood, or a selection of columns without the pid.</exception>
    public static ProcessTable List(IReadOnlyList<int> pids, string? arguments) => throw new NotSupportedException();
}
