using Hafen.Monitor.Protocol;

namespace Hafen.Monitor.Connections;

/// <summary>What daemons can ask a monitor for.</summary>
internal interface IRequests
{
    /// <summary>The state as it is told to a daemon that connects.</summary>
    MonitorHello Describe();

    /// <summary>Carries out a request; descriptors that came with it are the callee's.</summary>
    /// <exception cref="InvalidDataException">The request cannot be read; the descriptors are still the caller's.</exception>
    void Handle(PendingReply reply, ref MessageReader request, ReadOnlySpan<int> descriptors);

    /// <summary>A daemon has gone.</summary>
    void DaemonGone();
}
