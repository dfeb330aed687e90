using Hafen.Api;

namespace Hafen.Engine.Exec;

/// <summary>An exec that may be started; its client's socket is taken over next.</summary>
public sealed class ExecStart
{
    internal ExecStart(ExecSession session, ExecStartRequest request)
    {
        Session = session;
        Request = request;
        Multiplexed = !request.Tty;
    }

    internal ExecSession Session { get; }
    internal ExecStartRequest Request { get; }

    public bool Detach => Request.Detach;

    /// <summary>Output comes in frames unless the start speaks of a terminal; whether there is one was decided when the exec was made.</summary>
    public bool Multiplexed { get; internal init; }
}
