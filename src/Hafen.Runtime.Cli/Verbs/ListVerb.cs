using Hafen.Runtime.Cli.Options;

namespace Hafen.Runtime.Cli.Verbs;

/// <summary><c>list [--format table|json] [--quiet]</c>.</summary>
internal static class ListVerb
{
    public static int Run(GlobalOptions global)
    {
        var options = VerbOptions.Parse(global.Rest, ["quiet|q"], ["format|f"]);
        var states = global.States.List().Select(stored => StateVerb.Describe(global.States, stored)).ToArray();
        if (options.Has("quiet"))
        {
            foreach (var state in states)
                Console.Out.WriteLine(state.Id);
            return 0;
        }

        switch (options.Value("format") ?? "table")
        {
            case "json":
                JsonOutput.Print(indented: false, json =>
                {
                    json.WriteStartArray();
                    foreach (var state in states)
                        state.WriteTo(json);
                    json.WriteEndArray();
                });
                return 0;
            case "table":
                Table(states);
                return 0;
            case var format:
                throw new UsageException($"invalid format option: {format}");
        }
    }

    private static void Table(ContainerState[] states)
    {
        string[][] rows =
        [
            ["ID", "PID", "STATUS", "BUNDLE", "CREATED", "OWNER"],
            .. states.Select(s => new[] { s.Id, s.Pid.ToString(), s.Status, s.Bundle, s.Created.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'"), "root" }),
        ];
        int[] widths = Enumerable.Range(0, rows[0].Length).Select(column => Math.Max(12, rows.Max(row => row[column].Length + 3))).ToArray();
        foreach (string[] row in rows)
            Console.Out.WriteLine(string.Concat(row.Select((cell, column) => column == row.Length - 1 ? cell : cell.PadRight(widths[column]))));
    }
}
