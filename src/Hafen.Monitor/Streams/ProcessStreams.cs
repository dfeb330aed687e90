using Hafen.Linux.Descriptors;
using Hafen.Linux.Terminals;
using Hafen.Logging;
using Hafen.Logging.Writers;
using Hafen.Monitor.Loop;
using Hafen.Monitor.Protocol;

namespace Hafen.Monitor.Streams;

/// <summary>
/// Everything that flows in and out of one process, the container's or an exec's: its pipes or terminal on one side, the log and the attached clients on
/// the other. A client that does not keep up slows the process down; it never costs more than a bounded buffer.
/// </summary>
internal sealed class ProcessStreams : IDisposable
{
    /// <summary>How long, as in Docker, a child that keeps the outputs open is listened to after its parent's end.</summary>
    public static readonly TimeSpan DrainLimit = TimeSpan.FromSeconds(2);

    private const int PipeSize = 1024 * 1024;
    private const int BacklogLimit = 128 * 1024;

    // Once the process has ended, what is left in its pipes (1 MiB each) must fit, so that nobody waits for a slow client to read on.
    private const int FinalBacklogLimit = 4 * 1024 * 1024;
    private const int FinalReads = 64;

    private readonly EventLoop _loop;
    private readonly ILogWriter? _log;
    private readonly StreamOptions _options;
    private readonly List<OutputSource> _sources = [];
    private readonly List<AttachedClient> _clients = [];
    private InputSink? _stdin;
    private int _terminal = -1;
    private WindowSize? _size;
    private bool _paused;
    private bool _finishing;
    private Action? _drained;
    private Action? _delivered;
    private Deadline? _limit, _deliveryLimit;

    public ProcessStreams(EventLoop loop, StreamOptions options, ILogWriter? log)
    {
        _loop = loop;
        _options = options;
        _log = log;
    }

    /// <summary>Whether the process has a terminal.</summary>
    public bool Terminal => _options.Terminal;

    /// <summary>Whether clients' input can be taken now.</summary>
    public bool TakesInput => _stdin is { HasRoom: true };

    /// <summary>Whether no input will ever be taken again.</summary>
    public bool InputOver => _stdin is { Closed: true } || !_options.OpenStdin;

    /// <summary>Whether clients are still connected.</summary>
    public bool HasClients => _clients.Count > 0;

    /// <summary>Called when a client used the detach keys.</summary>
    public Action? Detached { get; set; }

    /// <summary>Called when a client has gone.</summary>
    public Action? ClientGone { get; set; }

    /// <summary>Makes the pipes of a process without a terminal and returns the child's ends, which the caller closes after the start.</summary>
    /// <param name="hold">Read nothing before <see cref="Read"/>: who is to get the output is not attached yet.</param>
    public ChildEnds OpenPipes(bool hold = false)
    {
        _paused = hold;
        var (input, output, error) = (Pipe.None, Pipe.None, Pipe.None);
        try
        {
            if (_options.OpenStdin)
                input = Pipe.Create();
            output = Pipe.Create();
            error = Pipe.Create();
        }
        catch
        {
            input.Close();
            output.Close();
            throw;
        }
        foreach (var pipe in (ReadOnlySpan<Pipe>)[input, output, error])
        {
            if (pipe.ReadEnd >= 0)
                RawDescriptor.TryGrowPipe(pipe.ReadEnd, PipeSize);
        }
        if (_options.OpenStdin)
            _stdin = new InputSink(_loop, input.WriteEnd, ContinueClients);
        _sources.Add(new OutputSource(_loop, this, LogStream.Stdout, output.ReadEnd, hold));
        _sources.Add(new OutputSource(_loop, this, LogStream.Stderr, error.ReadEnd, hold));
        return new ChildEnds(input.ReadEnd, output.WriteEnd, error.WriteEnd);
    }

    /// <summary>Begins to read outputs that were held.</summary>
    public void Read()
    {
        _paused = false;
        foreach (var source in _sources)
            source.Resume();
    }

    /// <summary>Takes over the terminal's master.</summary>
    /// <exception cref="Linux.LinuxException">It cannot be waited for, or no descriptor is left; it is closed.</exception>
    public void OpenTerminal(int master)
    {
        int input = -1;
        try
        {
            if (_options.OpenStdin)
                input = RawDescriptor.Duplicate(master);
            if (_size is { } size)
                Linux.Terminals.Terminal.SetWindowSize(master, size);
            _sources.Add(new OutputSource(_loop, this, LogStream.Stdout, master));
        }
        catch
        {
            if (input >= 0)
                RawDescriptor.Close(input);
            RawDescriptor.Close(master);
            throw;
        }
        _terminal = master;
        if (input >= 0)
            _stdin = new InputSink(_loop, input, ContinueClients);
        ContinueClients();
    }

    /// <summary>Sets the terminal's size, now or when there is one; without a terminal nothing happens.</summary>
    public void Resize(WindowSize size)
    {
        _size = size;
        if (_terminal >= 0)
            Linux.Terminals.Terminal.SetWindowSize(_terminal, size);
    }

    /// <summary>Attaches a client, whose socket is owned from here on.</summary>
    /// <exception cref="Linux.LinuxException">The socket cannot be waited for; it is closed, and the process does not notice.</exception>
    public void Attach(MonitorAttach request, int socket)
    {
        var client = new AttachedClient(_loop, this, request, socket);
        _clients.Add(client);
        try
        {
            client.Continue();
        }
        catch (Linux.LinuxException)
        {
            client.Close();
            throw;
        }
        if (_finishing)
            client.Finish();
    }

    /// <summary>Output has been read.</summary>
    public void Deliver(LogStream stream, ReadOnlySpan<byte> data)
    {
        _log?.Feed(stream, data);
        for (int i = _clients.Count - 1; i >= 0; i--)
            _clients[i].Write(stream, data);
        if (Backlog() > Limit)
            Pause();
    }

    /// <summary>A client has taken some of its backlog.</summary>
    public void ClientDrained()
    {
        Delivered(force: false);
        if (_paused && Backlog() <= Limit / 2)
            Read();
    }

    /// <summary>Passes a client's input on.</summary>
    public void WriteInput(ReadOnlySpan<byte> bytes)
    {
        _stdin?.Write(bytes);
    }

    /// <summary>A client's input has ended.</summary>
    /// <returns>Whether that ends the client's output too, as in Docker when others may attach to the process's stdin after it.</returns>
    public bool InputEnded()
    {
        if (Terminal)
            return false;
        if (!_options.StdinOnce)
            return true;
        _stdin?.CloseWhenDrained();
        return false;
    }

    public void ClientDetached() => Detached?.Invoke();

    public void ClientClosed(AttachedClient client)
    {
        _clients.Remove(client);
        ClientDrained();
        ClientGone?.Invoke();
    }

    /// <summary>
    /// The process has ended: reads what it left and what children of it still write, until its outputs end or the limit is over; then calls
    /// <paramref name="done"/>.
    /// </summary>
    public void Drain(TimeSpan limit, Action done)
    {
        _drained = done;
        _stdin?.Close();
        Read();
        _limit = _loop.After(limit, EndSources);
        foreach (var source in _sources.ToArray())
        {
            for (int reads = 0; reads < FinalReads && !_paused && source.ReadOnce(); reads++)
            {
            }
        }
        SourceEnded(null);
    }

    /// <summary>One of the outputs has ended.</summary>
    public void SourceEnded(OutputSource? source)
    {
        if (source is not null)
            _log?.End(source.Stream);
        if (_drained is null || !_sources.TrueForAll(s => s.Ended))
            return;
        _limit?.Cancel();
        _stdin?.Close();
        _terminal = -1;
        var done = _drained;
        _drained = null;
        done();
    }

    /// <summary>Waits until the clients' sockets have taken everything, bounded, and then calls <paramref name="done"/>.</summary>
    public void AwaitDelivery(TimeSpan limit, Action done)
    {
        _delivered = done;
        _deliveryLimit = _loop.After(limit, () => Delivered(force: true));
        Delivered(force: false);
    }

    /// <summary>Ends all clients' streams in order.</summary>
    public void FinishClients()
    {
        _finishing = true;
        foreach (var client in _clients.ToArray())
            client.Finish();
    }

    /// <summary>Closes everything at once: the process was never started.</summary>
    public void Dispose()
    {
        _drained = null;
        _delivered = null;
        _stdin?.Close();
        EndSources();
        _terminal = -1;
        foreach (var client in _clients.ToArray())
            client.Close();
    }

    /// <summary>Gives unused memory back.</summary>
    public void Release()
    {
        _stdin?.Release();
        foreach (var client in _clients)
            client.Release();
    }

    private int Limit => _drained is null ? BacklogLimit : FinalBacklogLimit;

    private int Backlog()
    {
        int most = 0;
        foreach (var client in _clients)
            most = Math.Max(most, client.Backlog);
        return most;
    }

    private void Pause()
    {
        _paused = true;
        foreach (var source in _sources)
            source.Pause();
    }

    private void ContinueClients()
    {
        foreach (var client in _clients.ToArray())
            client.Continue();
    }

    private void EndSources()
    {
        foreach (var source in _sources.ToArray())
            source.End();
    }

    private void Delivered(bool force)
    {
        if (_delivered is null || (!force && Backlog() > 0))
            return;
        _deliveryLimit?.Cancel();
        var done = _delivered;
        _delivered = null;
        done();
    }
}
