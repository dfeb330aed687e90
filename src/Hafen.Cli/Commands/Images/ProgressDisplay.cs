using System.Text;
using System.Text.Json;
using Hafen.Api;
using Hafen.Cli.CommandLine;
using Hafen.Cli.Formatting.Units;
using Hafen.Cli.Session;

namespace Hafen.Cli.Commands.Images;

/// <summary>Shows the progress messages of pull, load and import as docker does: a line per layer that is redrawn on a terminal.</summary>
internal sealed class ProgressDisplay
{
    private const int BarWidth = 50;
    private readonly CliStreams _streams;
    private readonly bool _toError;
    private readonly bool _terminal;
    private readonly List<string> _lines = [];

    private ProgressDisplay(CliStreams streams, bool toError)
    {
        this._streams = streams;
        this._toError = toError;
        _terminal = toError ? Linux.Terminals.Terminal.IsTerminal(streams.Error) : streams.OutputIsTerminal;
    }

    /// <summary>Reads messages to their end.</summary>
    /// <param name="body">Concatenated JSON objects.</param>
    /// <param name="streams">Where to show them.</param>
    /// <param name="toError">On stderr instead of stdout.</param>
    /// <param name="quiet">Show nothing but a failure.</param>
    /// <exception cref="CommandException">The daemon reports a failure.</exception>
    public static void Show(Stream body, CliStreams streams, bool toError = false, bool quiet = false)
    {
        var display = new ProgressDisplay(streams, toError);
        foreach (var message in JsonObjects.Read(body))
        {
            var progress = JsonSerializer.Deserialize(message.Span, ApiJson.Default.ProgressMessage);
            if (progress is null)
                continue;
            if (progress.ErrorDetail?.Message is { Length: > 0 } detail)
                throw new CommandException(detail);
            if (progress.Error is { Length: > 0 } error)
                throw new CommandException(error);
            if (!quiet)
                display.Show(progress);
        }
    }

    private void Show(ProgressMessage message)
    {
        if (message.Stream is { } stream)
        {
            Write(stream);
            return;
        }

        if (message.Status is null)
            return;
        string bar = Bar(message);
        if (!_terminal)
        {
            // Bars are for eyes; a file gets the milestones.
            if (bar.Length == 0)
                Write($"{(string.IsNullOrEmpty(message.Id) ? "" : message.Id + ": ")}{message.Status}\n");
            return;
        }

        if (string.IsNullOrEmpty(message.Id))
        {
            Write($"{message.Status}\n");
            _lines.Clear();
            return;
        }

        ShowLine(message.Id, $"{message.Id}: {message.Status} {bar}".TrimEnd());
    }

    /// <summary>Goes up to the line of the object, replaces it, and comes back down.</summary>
    private void ShowLine(string id, string text)
    {
        int index = _lines.IndexOf(id);
        if (index < 0)
        {
            _lines.Add(id);
            Write(text + "\n");
            return;
        }

        int up = _lines.Count - index;
        Write($"\u001b[{up}A\u001b[2K\r{text}\r\u001b[{up}B");
    }

    private static string Bar(ProgressMessage message)
    {
        if (message.ProgressDetail is not { } detail || (detail.Current <= 0 && detail.Total <= 0))
            return message.Progress ?? "";
        string current = ByteSize.Human(detail.Current);
        if (detail.Total <= 0 || detail.Current > detail.Total)
            return $"{current,8}";
        int done = (int)(detail.Current * BarWidth / detail.Total);
        string bar = done >= BarWidth ? new string('=', BarWidth) + ">" : new string('=', done) + ">" + new string(' ', BarWidth - done);
        return $"[{(bar.Length > BarWidth ? bar[^BarWidth..] : bar)}] {(detail.HideCounts ? "" : $"{current,8}/{ByteSize.Human(detail.Total)}")}";
    }

    private void Write(string text)
    {
        if (_toError)
            _streams.WriteError(text);
        else
            _streams.Write(text);
    }
}
