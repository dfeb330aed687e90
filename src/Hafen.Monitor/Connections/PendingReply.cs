using Hafen.Errors;
using Hafen.Monitor.Protocol;

namespace Hafen.Monitor.Connections;

/// <summary>Where the answer to a request goes, now or later; a daemon that has gone meanwhile does not hear it.</summary>
internal readonly record struct PendingReply(DaemonConnection Connection, uint Number)
{
    /// <summary>The request is done.</summary>
    public void Done(int value = 0)
    {
        var message = new MessageWriter(MessageType.Done, Number);
        message.Write(value);
        Connection.Send(message.Bytes);
    }

    public void Failed(Failure failure)
    {
        var message = new MessageWriter(MessageType.Failed, Number);
        message.Write(failure);
        Connection.Send(message.Bytes);
    }
}
