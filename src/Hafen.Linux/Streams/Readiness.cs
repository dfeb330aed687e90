namespace Hafen.Linux.Streams;

/// <summary>What epoll(7) says about a descriptor; the values are the kernel's.</summary>
[Flags]
public enum Readiness : uint
{
    None = 0,
    /// <summary>EPOLLIN: something can be read.</summary>
    Input = 0x001,
    /// <summary>EPOLLOUT: something can be written.</summary>
    Output = 0x004,
    /// <summary>EPOLLERR</summary>
    Error = 0x008,
    /// <summary>EPOLLHUP: both directions are closed; on a unix socket, the peer has closed its descriptor.</summary>
    HangUp = 0x010,
    /// <summary>EPOLLRDHUP: the peer has ended its output.</summary>
    PeerEnded = 0x2000,
}
