namespace Hafen.Cli.Commands;

/// <summary>Help of <c>--format</c>.</summary>
internal static class FormatHelp
{
    /// <summary>For listings.</summary>
    public const string Table =
        "Format of the output:\n'table':            Columns under a header (default)\n'table TEMPLATE':   Columns of a Go template under a header\n"
        + "'json':             One JSON object a line\n'TEMPLATE':         A Go template for each line";

    /// <summary>For single objects.</summary>
    public const string Single = "Format of the output:\n'json':             JSON\n'TEMPLATE':         A Go template";
}
