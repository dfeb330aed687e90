using Hafen.Cli.Attach;
using Hafen.Cli.CommandLine;
using Hafen.Cli.Formatting.Units;
using Hafen.Cli.Session;
using Hafen.Client.Containers;

namespace Hafen.Cli.Commands.Containers;

/// <summary><c>hafen logs</c>.</summary>
internal sealed class Logs : Command
{
    private const int BufferSize = 64 * 1024;
    private readonly ValueFlag<bool> details;
    private readonly ValueFlag<bool> follow;
    private readonly ValueFlag<string> since;
    private readonly ValueFlag<string> tail;
    private readonly ValueFlag<bool> timestamps;
    private readonly ValueFlag<string> until;

    public Logs()
        : base("[OPTIONS] CONTAINER", "Fetch the logs of a container")
    {
        Arguments = ArgumentRule.Exactly(1);
        Aliases = ["hafen container logs", "hafen logs"];
        details = Flags.Switch("details", '\0', "Show extra details of the lines");
        follow = Flags.Switch("follow", 'f', "Follow the output");
        since = Flags.Text("since", '\0', "Show lines since a time (e.g. \"2013-01-02T13:23:37Z\") or a duration ago (e.g. \"42m\")");
        tail = Flags.Text("tail", 'n', "Number of lines from the end", "all");
        timestamps = Flags.Switch("timestamps", 't', "Show the time of each line");
        until = Flags.Text("until", '\0', "Show lines before a time (e.g. \"2013-01-02T13:23:37Z\") or a duration ago (e.g. \"42m\")");
    }

    public override int Execute(CliSession session, IReadOnlyList<string> arguments)
    {
        bool tty;
        using (var container = session.Client.Containers.Inspect(arguments[0]))
            tty = container.RootElement.GetProperty("Config").GetProperty("Tty").GetBoolean();
        using var answer = session.Client.Containers.Logs(arguments[0], new LogOptions
        {
            Since = PointInTime.Parse(since.Value, "since"),
            Until = PointInTime.Parse(until.Value, "until"),
            Timestamps = timestamps.Value,
            Details = details.Value,
            Follow = follow.Value,
            Tail = tail.Value,
        });

        var outputs = new StandardOutputs(session.Streams);
        var decoder = tty ? null : new FrameDecoder(outputs);
        var buffer = GC.AllocateUninitializedArray<byte>(BufferSize);
        int count;
        while ((count = answer.Body.Read(buffer)) > 0)
        {
            if (decoder is null) outputs.Write(1, buffer.AsSpan(0, count));
            else decoder.Decode(buffer.AsSpan(0, count));
        }

        return 0;
    }
}
