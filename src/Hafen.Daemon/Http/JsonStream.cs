using System.Threading.Channels;
using Hafen.Api;

namespace Hafen.Daemon.Http;

/// <summary>
/// The stream of JSON lines that load, import and pull answer with. Messages may come from any thread; one pump writes them. The head leaves
/// with the first message, so a failure before it still has its own status. A client that does not read loses progress, not results.
/// </summary>
internal sealed class JsonStream : IAsyncDisposable
{
    private const int Backlog = 256;

    private readonly ApiRequest _request;
    private readonly Channel<ProgressMessage> _messages = Channel.CreateBounded<ProgressMessage>(new BoundedChannelOptions(Backlog) { SingleReader = true });
    private readonly Task _pump;
    private volatile bool _started;

    public JsonStream(ApiRequest request)
    {
        _request = request;
        _pump = PumpAsync();
    }

    /// <summary>Whether something was sent, so that a failure has to be told in the stream.</summary>
    public bool Started => _started;

    /// <summary>Sends a message; waits for a client that is slow to read.</summary>
    /// <exception cref="OperationCanceledException">The client is gone.</exception>
    public ValueTask WriteAsync(ProgressMessage message)
    {
        _started = true;
        return _messages.Writer.WriteAsync(message, _request.Aborted);
    }

    public ValueTask WriteStatusAsync(string status, string? id = null) => WriteAsync(new ProgressMessage { Status = status, Id = id });

    /// <summary>Sends a message that only says how far things are: left out when the client is behind.</summary>
    public void Report(ProgressMessage message)
    {
        _started = true;
        _messages.Writer.TryWrite(message);
    }

    /// <summary>
    /// Runs what the stream tells about. Its failure becomes the last message, for the answer has begun by then: <paramref name="begun"/>, or with
    /// the first message.
    /// </summary>
    public async Task RunAsync(Func<Task> work, bool begun)
    {
        _started |= begun;
        try
        {
            await work();
        }
        catch (Exception exception) when (_started && exception is not OperationCanceledException)
        {
            var answer = ErrorAnswer.Of(exception);
            if (answer.IsServerFault)
                _request.ReportFault(exception);
            await WriteAsync(new ProgressMessage { ErrorDetail = new ProgressError { Message = answer.Message }, Error = answer.Message });
        }
    }

    public async ValueTask DisposeAsync()
    {
        _messages.Writer.TryComplete();
        await _pump;
    }

    private async Task PumpAsync()
    {
        try
        {
            await SendAllAsync();
        }
        catch (Exception exception)
        {
            // Whoever writes would wait for room for as long as the client stays.
            _messages.Writer.TryComplete(exception);
            throw;
        }
    }

    private async Task SendAllAsync()
    {
        bool first = true;
        while (await _messages.Reader.WaitToReadAsync())
        {
            if (first)
                _request.Http.Response.ContentType = "application/json";
            first = false;
            while (_messages.Reader.TryRead(out var message))
                JsonLine.Write(_request.Output, message, ApiJson.Default.ProgressMessage);
            try
            {
                await _request.Output.FlushAsync(_request.Aborted);
            }
            catch (OperationCanceledException)
            {
                // Nobody reads any more; what still comes goes nowhere, so that those who write are not held up.
            }
        }
    }
}
