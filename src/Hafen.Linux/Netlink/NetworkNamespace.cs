using System.Runtime.InteropServices;
using Hafen.Linux.FileSystem;
using Microsoft.Win32.SafeHandles;

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
                    Return(home);
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

    /// <summary>
    /// Makes a network namespace, runs a short, synchronous piece of work with the calling thread inside, and comes back as <see cref="Run"/> does. It lives as
    /// long as the descriptor, or whatever has joined it meanwhile.
    /// </summary>
    /// <exception cref="LinuxException">The kernel makes none (ENOSPC: more than <c>user.max_net_namespaces</c>).</exception>
    public static (SafeFileHandle Namespace, T Result) Create<T>(Func<T> work)
    {
        int home = OpenOwn();
        try
        {
            if (NetlinkCalls.unshare(NetlinkCalls.CLONE_NEWNET) != 0)
                throw new LinuxException(Marshal.GetLastPInvokeError(), "unshare", "network namespace");
            SafeFileHandle? made = null;
            try
            {
                made = new SafeFileHandle(OpenOwn(), ownsHandle: true);
                return (made, work());
            }
            catch
            {
                made?.Dispose();
                throw;
            }
            finally
            {
                Return(home);
            }
        }
        finally
        {
            _ = NetlinkCalls.close(home);
        }
    }

    private static void Return(int home)
    {
        if (NetlinkCalls.setns(home, NetlinkCalls.CLONE_NEWNET) != 0)
            Environment.FailFast($"cannot return to the host's network namespace: {Errno.Text(Marshal.GetLastPInvokeError())}");
    }

    private static int OpenOwn()
    {
        fixed (byte* path = "/proc/thread-self/ns/net\0"u8)
        {
            int fd = NetlinkCalls.open(path, OpenFlags.O_RDONLY | OpenFlags.O_CLOEXEC, 0);
            return fd >= 0 ? fd : throw new LinuxException(Marshal.GetLastPInvokeError(), "open", "/proc/thread-self/ns/net");
        }
    }
}
