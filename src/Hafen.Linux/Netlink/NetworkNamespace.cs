using System.Runtime.InteropServices;

namespace Hafen.Linux.Netlink;

/// <summary>Work inside another network namespace (network_namespaces(7), setns(2)).</summary>
public static unsafe class NetworkNamespace
{
    /// <summary>
    /// Runs a short, synchronous piece of work with the calling thread inside the given network namespace, and comes back.
    /// Sockets opened in there stay in there. When the way back fails the process ends at once: a pool thread left in a container's
    /// network would do the daemon's work in the wrong place.
    /// </summary>
    /// <exception cref="LinuxException">The namespace cannot be entered.</exception>
    public static T Run<T>(SafeHandle networkNamespace, Func<T> work)
    {
        int home = OpenOwn();
        try
        {
            bool held = false;
            try
            {
                networkNamespace.DangerousAddRef(ref held);
                if (NetlinkCalls.setns((int)networkNamespace.DangerousGetHandle(), NetlinkCalls.CLONE_NEWNET) != 0)
                    throw new LinuxException(Marshal.GetLastPInvokeError(), "setns", "network namespace");
                try
                {
                    return work();
                }
                finally
                {
                    if (NetlinkCalls.setns(home, NetlinkCalls.CLONE_NEWNET) != 0)
                        Environment.FailFast($"cannot return to the host's network namespace: {Errno.Text(Marshal.GetLastPInvokeError())}");
                }
            }
            finally
            {
                if (held)
                    networkNamespace.DangerousRelease();
            }
        }
        finally
        {
            _ = NetlinkCalls.close(home);
        }
    }

    private static int OpenOwn()
    {
        fixed (byte* path = "/proc/thread-self/ns/net\0"u8)
        {
            int fd = NetlinkCalls.open(path, NetlinkCalls.O_RDONLY | NetlinkCalls.O_CLOEXEC, 0);
            return fd >= 0 ? fd : throw new LinuxException(Marshal.GetLastPInvokeError(), "open", "/proc/thread-self/ns/net");
        }
    }
}
