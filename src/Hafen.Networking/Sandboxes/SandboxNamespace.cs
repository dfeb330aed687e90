using System.Globalization;
using System.Runtime.InteropServices;
using Hafen.Linux.Namespaces;
using Hafen.Linux.Netlink;
using Microsoft.Win32.SafeHandles;

namespace Hafen.Networking.Sandboxes;

/// <summary>The network namespace of a sandbox. It lives as long as this object, and as long as a process is in it.</summary>
public sealed class SandboxNamespace : IDisposable
{
    private const int LoopbackIndex = 1, BatchSize = 256;

    private readonly SafeFileHandle _namespace;
    private NetlinkSocket? _socket;

    private SandboxNamespace(SafeFileHandle own, NetlinkSocket? socket)
    {
        _namespace = own;
        _socket = socket;
    }

    /// <summary>Its descriptor.</summary>
    public SafeHandle Handle => _namespace;

    /// <summary>By this name a process of this host can enter it while this daemon lives.</summary>
    public string Path => string.Create(CultureInfo.InvariantCulture, $"/proc/{Environment.ProcessId}/fd/{_namespace.DangerousGetHandle()}");

    /// <summary>A new one with its loopback up, and IPv6 nowhere else (CVE-2024-32473: IPv6 where nobody asked for it).</summary>
    /// <exception cref="Linux.LinuxException">The kernel makes none.</exception>
    public static SandboxNamespace Create()
    {
        var (made, socket) = NetworkNamespace.Create(static () =>
        {
            // Before an interface comes, so that it is born without: "all" also sets the default for those to come.
            if (NetworkSysctl.Write("ipv6/conf/all/disable_ipv6", "1"u8))
                NetworkSysctl.Write("ipv6/conf/lo/disable_ipv6", "0"u8);
            return NetlinkSocket.Open();
        });
        try
        {
            var batch = new NetlinkBatch(stackalloc byte[BatchSize]);
            batch.SetLink(LoopbackIndex, up: true);
            socket.Execute(ref batch);
            return new SandboxNamespace(made, socket);
        }
        catch
        {
            socket.Dispose();
            made.Dispose();
            throw;
        }
    }

    /// <summary>The one that a process is in.</summary>
    /// <exception cref="Linux.LinuxException">There is no such process.</exception>
    public static SandboxNamespace Of(int pid)
    {
        using var file = NamespaceFile.Open(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/ns/net"));
        return new SandboxNamespace(new SafeFileHandle(file.Release(), ownsHandle: true), socket: null);
    }

    /// <summary>A socket for the links inside, kept until <see cref="CloseSocket"/>.</summary>
    public NetlinkSocket Socket() => _socket ??= NetworkNamespace.Run(_namespace, NetlinkSocket.Open);

    /// <summary>There is nothing to be changed inside for the time being.</summary>
    public void CloseSocket()
    {
        _socket?.Dispose();
        _socket = null;
    }

    public void Dispose()
    {
        CloseSocket();
        _namespace.Dispose();
    }
}
