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
    private readonly ValueFlag<bool> _details;
    private readonly ValueFlag<bool> _follow;
    private readonly ValueFlag<string> _since;
    private readonly ValueFlag<string> _tail;
    private readonly ValueFlag<bool> _timestamps;
    private readonly ValueFlag<string> _until;

    public Logs()
        : base("[OPTIONS] CONTAINER", "Fetch the logs of a container")
    {
        Arguments = ArgumentRule.Exactly(1);
        Aliases = ["hafen container logs", "hafen logs"];
        _details = Flags.Switch("details", '\0', "Show extra details of the lines");
        _follow = Flags.Switch("follow", 'f', "Follow the output");
        _since = Flags.Text("since", '\0', "Show lines since a time (e.g. \"2013-01-02T13:23:37Z\") or a duration ago (e.g. \"42m\")");
        _tail = Flags.Text("tail", 'n', "Number of lines from the end", "all");
        _timestamps = Flags.Switch("timestamps", 't', "Show the time of each line");
        _until = Flags.Text("until", '\0', "Show lines before a time (e.g. \"2013-01-02T13:23:37Z\") or a duration ago (e.g. \"42m\")");
    }

    public override int Execute(CliSession session, IReadOnlyList<string> arguments)
    {
        bool tty;
        using (var container = session.Client.Containers.Inspect(arguments[0]).Run())
            tty = container.RootElement.GetProperty("Config").GetProperty("Tty").GetBoolean();
        using var answer = session.Client.Containers.Logs(arguments[0], new LogOptions
        {
            Since = PointInTime.Parse(_since.Value, "since"),
            Until = PointInTime.Parse(_until.Value, "until"),
            Timestamps = _timestamps.Value,
            Details = _details.Value,
            Follow = _follow.Value,
            Tail = _tail.Value,
        }).Run();

        var outputs = new StandardOutputs(session.Streams);
        var decoder = tty ? null : new FrameDecoder(outputs);
        byte[] buffer = GC.AllocateUninitializedArray<byte>(BufferSize);
        int count;
        while ((count = answer.Body.Read(buffer)) > 0)
        {
            if (decoder is null)
                outputs.Write(1, buffer.AsSpan(0, count));
            else
                decoder.Decode(buffer.AsSpan(0, count));
        }

        return 0;
    }
}
