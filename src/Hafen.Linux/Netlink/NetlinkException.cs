using Hafen.Errors;

namespace Hafen.Linux.Netlink;

/// <summary>A request the kernel refused: its errno and, when the kernel gives one, its own explanation (extended acknowledgement).</summary>
public sealed class NetlinkException(int errno, string request, string? explanation, int index = 0)
    : HafenException(ErrorKind.System, explanation is null ? $"{request}: {Errno.Text(errno)}" : $"{request}: {Errno.Text(errno)} ({explanation})")
{
    /// <summary>The errno value, positive.</summary>
    public int Number { get; } = errno;

    /// <summary>Name of the message type, for example <c>RTM_NEWLINK</c>.</summary>
    public string Request { get; } = request;

    /// <summary>The kernel's explanation, null when it gave none.</summary>
    public string? Explanation { get; } = explanation;

    /// <summary>Position of the refused request in its batch.</summary>
    public int Index { get; } = index;
}
