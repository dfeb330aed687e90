using System.Text.RegularExpressions;

namespace Hafen.Linux.Procfs;

/// <summary>What <c>top</c> shows: titles, and one row of cells a process, as the Engine API carries them.</summary>
public sealed partial record ProcessTable(string[] Titles, string[][] Processes)
{
    /// <summary>
    /// Lists processes as procps' <c>ps</c> would with the given arguments (default <c>-ef</c>), restricted to the given pids and in
    /// their order when the arguments ask for no other. Processes that end meanwhile are left out.
    /// </summary>
    /// <exception cref="ProcessTableException">An argument that is not understood, or a selection of columns without the pid.</exception>
    public static ProcessTable List(IReadOnlyList<int> pids, string? arguments)
    {
        string text = string.IsNullOrWhiteSpace(arguments) ? "-ef" : arguments;
        foreach (Match match in RenamedToPid().Matches(text))
        {
            // Rows are found by the column called PID: no other may take its name.
            if (match.Groups[1].Value != "pid")
                throw new ProcessTableException($"specifying \"{match.Groups[1].Value}={match.Groups[2].Value}\" is not allowed");
        }

        var (columns, order) = PsArguments.Parse(text);
        if (!columns.Any(column => column.Title == "PID"))
            throw new ProcessTableException("Couldn't find PID field in ps output");
        var host = new PsHost();
        var processes = new List<PsProcess>(pids.Count);
        foreach (int pid in pids)
        {
            if (PsProcess.TryRead(pid, host, out var process))
                processes.Add(process);
        }

        IEnumerable<PsProcess> rows = order is null ? processes : processes.Order(order);
        return new ProcessTable(
            [.. columns.Select(column => column.Title)], [.. rows.Select(process => columns.Select(column => column.Cell(process)).ToArray())]);
    }

    [GeneratedRegex(@"\s+([^\s]*)=\s*(PID[^\s]*)")]
    private static partial Regex RenamedToPid();
}
