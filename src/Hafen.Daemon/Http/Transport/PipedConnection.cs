using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using Hafen.Daemon.Http.Hijack;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;

namespace Hafen.Daemon.Http.Transport;

/// <summary>
/// A client's connection as Kestrel sees it: two pipes, and two pumps between them and the socket that can be stopped without loss, so that
/// the socket can be taken out (<see cref="IHijackFeature"/>). Kestrel's own transport keeps its socket for itself.
/// </summary>
internal abstract class PipedConnection : ConnectionContext, IHijackFeature, IClientGoneFeature,
    IConnectionIdFeature, IConnectionTransportFeature, IConnectionItemsFeature, IConnectionLifetimeFeature, IMemoryPoolFeature
{
    private const int InputLimit = 1024 * 1024;
    private const int OutputLimit = 64 * 1024;
    private const int SegmentSize = 16 * 1024;

    private static readonly PipeOptions s_inputOptions = new(
        pool: SegmentPool.Instance, readerScheduler: PipeScheduler.ThreadPool, writerScheduler: PipeScheduler.ThreadPool, useSynchronizationContext: false,
        pauseWriterThreshold: InputLimit, resumeWriterThreshold: InputLimit / 2, minimumSegmentSize: SegmentSize);

    // The reader is the sending pump: it runs where the writer flushes, so a short answer costs no thread switch.
    private static readonly PipeOptions s_outputOptions = new(
        pool: SegmentPool.Instance, readerScheduler: PipeScheduler.Inline, writerScheduler: PipeScheduler.ThreadPool, useSynchronizationContext: false,
        pauseWriterThreshold: OutputLimit, resumeWriterThreshold: OutputLimit / 2, minimumSegmentSize: SegmentSize);

    /// <summary>How long a client may take to read the head of a stream before it is believed not to read at all.</summary>
    protected static readonly TimeSpan s_headLimit = TimeSpan.FromSeconds(2);

    /// <summary>What is left for the client to read the head where nobody tells whether it has: TCP tells what has arrived, not what was read.</summary>
    protected static readonly TimeSpan s_headPause = TimeSpan.FromMilliseconds(3);

    private static long s_lastId;

    private readonly Pipe _input = new(s_inputOptions);
    private readonly Pipe _output = new(s_outputOptions);
    private readonly CancellationTokenSource _closed = new();
    private readonly CancellationTokenSource _clientGone = new();
    private readonly FeatureCollection _features = new(8);
    private Task _receiving = Task.CompletedTask;
    private Task _sending = Task.CompletedTask;
    private volatile bool _taken;

    protected PipedConnection(SocketStream socket, EndPoint? local, EndPoint? remote)
    {
        Socket = socket;
        LocalEndPoint = local;
        RemoteEndPoint = remote;
        Transport = new DuplexPipe(_input.Reader, _output.Writer);
        ConnectionClosed = _closed.Token;
        _features.Set<IConnectionIdFeature>(this);
        _features.Set<IConnectionTransportFeature>(this);
        _features.Set<IConnectionItemsFeature>(this);
        _features.Set<IConnectionLifetimeFeature>(this);
        _features.Set<IMemoryPoolFeature>(this);
        _features.Set<IHijackFeature>(this);
        _features.Set<IClientGoneFeature>(this);
    }

    public override string ConnectionId { get; set; } = Interlocked.Increment(ref s_lastId).ToString();
    public override IFeatureCollection Features => _features;
    public override IDictionary<object, object?> Items { get; set; } = new ConnectionItems();
    public override IDuplexPipe Transport { get; set; }
    public override CancellationToken ConnectionClosed { get; set; }
    public override EndPoint? LocalEndPoint { get; set; }
    public override EndPoint? RemoteEndPoint { get; set; }

    /// <inheritdoc/>
    public CancellationToken ClientGone => _clientGone.Token;

    /// <inheritdoc/>
    public bool IsClientGone { get; private set; }

    MemoryPool<byte> IMemoryPoolFeature.MemoryPool => SegmentPool.Instance;

    /// <summary>The socket below everything.</summary>
    protected SocketStream Socket { get; }

    /// <summary>Where received bytes go.</summary>
    protected PipeWriter Received => _input.Writer;

    /// <summary>Begins to receive and to send.</summary>
    public void Start()
    {
        Socket.OnGone(Gone);
        _sending = SendAsync();
        _receiving = ReceiveAndCompleteAsync();
    }

    /// <inheritdoc/>
    public async ValueTask<HijackedSocket> TakeAsync(ReadOnlyMemory<byte> head)
    {
        if (_taken)
            throw new InvalidOperationException("the connection is taken already");
        _taken = true;
        // Answers to earlier requests leave before the first byte of the new stream.
        _output.Reader.CancelPendingRead();
        await _sending.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            return await TakeAsync(_receiving, _input.Reader, head);
        }
        catch (Exception exception)
        {
            // The connection broke meanwhile. It is the server's again, which closes it.
            _taken = false;
            if (exception is IOException)
                throw new ConnectionResetException(exception.Message, exception);
            throw;
        }
        finally
        {
            // The server's side ends without touching the socket: it reads the end and writes into nothing.
            await _output.Reader.CompleteAsync();
        }
    }

    public override void Abort(ConnectionAbortedException abortReason)
    {
        if (_taken)
            return;
        Gone();
        Socket.Stop();
        Received.CancelPendingFlush();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (_taken)
            return;
        // Kestrel has completed its ends of the pipes: the last answer leaves, then the pumps end and the descriptor closes.
        await _output.Writer.CompleteAsync();
        await _sending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
        await FinishAsync();
        Socket.Stop();
        await _input.Reader.CompleteAsync();
        Received.CancelPendingFlush();
        await _receiving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
        await Socket.DisposeAsync();
    }

    /// <summary>Receives until the input ends or <see cref="SocketStream.StopReading"/>; an <see cref="IOException"/> means a broken connection.</summary>
    protected abstract Task ReceiveAsync();

    /// <summary>Sends one piece.</summary>
    protected abstract ValueTask SendAsync(ReadOnlyMemory<byte> piece);

    /// <summary>Sends the head and takes the socket out. <paramref name="input"/> holds what was received and not consumed.</summary>
    protected abstract ValueTask<HijackedSocket> TakeAsync(Task receiving, PipeReader input, ReadOnlyMemory<byte> head);

    /// <summary>Says farewell on a connection that ends in order.</summary>
    protected virtual ValueTask FinishAsync() => ValueTask.CompletedTask;

    /// <summary>The peer has ended its output, which on some sockets is all one sees of a client that is gone.</summary>
    protected void ReportClientGone()
    {
        IsClientGone = true;
        ThreadPool.UnsafeQueueUserWorkItem(static source => source.Cancel(), _clientGone, preferLocal: false);
    }

    private void Gone()
    {
        ReportClientGone();
        ThreadPool.UnsafeQueueUserWorkItem(static source => source.Cancel(), _closed, preferLocal: false);
    }

    private async Task ReceiveAndCompleteAsync()
    {
        Exception? failure = null;
        try
        {
            await ReceiveAsync();
        }
        catch (Exception exception)
        {
            // Whatever ends receiving, the reader has to learn it; an end nobody is told of would hold the connection for ever.
            failure = new ConnectionResetException(exception.Message, exception);
            Gone();
        }
        await Received.CompleteAsync(failure);
    }

    private async Task SendAsync()
    {
        var reader = _output.Reader;
        try
        {
            while (true)
            {
                var result = await reader.ReadAsync();
                foreach (var piece in result.Buffer)
                    await SendAsync(piece);
                reader.AdvanceTo(result.Buffer.End);
                if (result.IsCompleted || result.IsCanceled)
                    break;
            }
        }
        catch (Exception)
        {
            // The connection is broken: what is still written goes nowhere.
            Gone();
        }
        if (!_taken)
            await reader.CompleteAsync();
    }

    private sealed class DuplexPipe(PipeReader input, PipeWriter output) : IDuplexPipe
    {
        public PipeReader Input => input;
        public PipeWriter Output => output;
    }
}
