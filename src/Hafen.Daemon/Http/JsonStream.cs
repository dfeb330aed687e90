using System.Threading.Channels;
using Hafen.Api;

namespace Hafen.Daemon.Http;

/// <summary>
/// The stream of JSON lines that load, import and pull answer with. Messages may come from any thread; one pump writes them. The head leaves
/// with the first message, so a failure before it still has its own status.
/// </summary>
internal sealed class JsonStream : IAsyncDisposable
{
    private readonly ApiRequest _request;
    private readonly Channel<ProgressMessage> _messages = Channel.CreateUnbounded<ProgressMessage>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Task _pump;
    private volatile bool _started;

    public JsonStream(ApiRequest request)
    {
        _request = request;
        _pump = PumpAsync();
    }

    /// <summary>Whether something was sent, so that a failure has to be told in the stream.</summary>
    public bool Started => _started;

    public void Write(ProgressMessage message)
    {
        _started = true;
        _messages.Writer.TryWrite(message);
    }

    public void WriteStatus(string status, string? id = null) => Write(new ProgressMessage { Status = status, Id = id });

    /// <summary>Runs what the stream tells about; its failure becomes the last message, or the answer when nothing was sent yet.</summary>
    public async Task RunAsync(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (Exception e) when (_started && e is not OperationCanceledException)
        {
            string message = ErrorAnswer.Of(e).Message;
            Write(new ProgressMessage { ErrorDetail = new ProgressError { Message = message }, Error = message });
        }
    }

    public async ValueTask DisposeAsync()
    {
        _messages.Writer.TryComplete();
        await _pump;
    }

    private async Task PumpAsync()
    {
        bool first = true;
        while (await _messages.Reader.WaitToReadAsync())
        {
            if (first) _request.Http.Response.ContentType = "application/json";
            first = false;
            while (_messages.Reader.TryRead(out var message)) JsonLine.Write(_request.Output, message, ApiJson.Default.ProgressMessage);
            await _request.Output.FlushAsync(CancellationToken.None);
        }
    }
}
