using System.Globalization;
using System.Net;
using System.Net.Security;
using Hafen.Daemon.Configuration;
using Hafen.Linux;
using Hafen.Linux.Sockets;

namespace Hafen.Daemon.Http.Transport;

/// <summary>Opens the sockets of <c>-H</c>: <c>unix://PATH</c>, <c>tcp://ADDRESS:PORT</c>, with or without <c>tcp://</c>, and <c>fd://</c>.</summary>
internal static class ApiEndPoints
{
    public const string DefaultHost = "unix:///run/hafen/hafen.sock";

    private const int Backlog = 1024;
    private const int FirstInherited = 3;
    private const int PlainPort = 2375;
    private const int TlsPort = 2376;
    private const UnixFileMode SocketMode =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite;

    /// <param name="hosts">As on the command line; empty for <see cref="DefaultHost"/>.</param>
    /// <param name="group">Group that may use unix sockets; null for <c>hafen</c> or else <c>docker</c>, when there is one.</param>
    /// <param name="tls">How TLS is spoken on TCP; null for plain connections.</param>
    /// <exception cref="SettingException">Malformed, or the socket cannot be opened.</exception>
    public static IReadOnlyList<ApiEndPoint> Open(IReadOnlyList<string> hosts, string? group, SslServerAuthenticationOptions? tls)
    {
        var opened = new List<ApiEndPoint>();
        try
        {
            foreach (string host in hosts.Count > 0 ? hosts : [DefaultHost])
                opened.AddRange(Open(host, group, tls));
            return opened;
        }
        catch (LinuxException exception)
        {
            foreach (var endPoint in opened)
                endPoint.Listening.Dispose();
            throw new SettingException($"failed to load listeners: {exception.Message}", exception);
        }
    }

    private static List<ApiEndPoint> Open(string host, string? group, SslServerAuthenticationOptions? tls)
    {
        var (scheme, rest) = Split(host);
        return scheme switch
        {
            "unix" => [new ApiEndPoint(host, OpenUnix(rest.Length > 0 ? rest : DefaultHost["unix://".Length..], group), tls: null)],
            "tcp" => [new ApiEndPoint(host, StreamSocket.ListenTcp(ParseTcp(rest, tls is null ? PlainPort : TlsPort), Backlog), tls)],
            "fd" => Inherited(host),
            _ => throw UnknownScheme(host),
        };
    }

    /// <summary>Nothing is opened.</summary>
    /// <exception cref="SettingException">One of them is malformed.</exception>
    public static void Check(IReadOnlyList<string> hosts)
    {
        foreach (string host in hosts)
        {
            if (TcpOf(host, tls: false) is null && Split(host).Scheme is not ("unix" or "fd"))
                throw UnknownScheme(host);
        }
    }

    private static SettingException UnknownScheme(string host) => new($"invalid bind address format: {host}: use unix://, tcp:// or fd://");

    /// <summary>The address a host stands for; null when it is not TCP.</summary>
    /// <exception cref="SettingException">Malformed.</exception>
    internal static IPEndPoint? TcpOf(string host, bool tls)
    {
        var (scheme, rest) = Split(host);
        return scheme == "tcp" ? ParseTcp(rest, tls ? TlsPort : PlainPort) : null;
    }

    /// <summary>What says no scheme is an address of TCP.</summary>
    private static (string Scheme, string Address) Split(string host)
    {
        string[] parts = host.Trim().Split("://", 2);
        return parts.Length > 1 ? (parts[0], parts[1]) : ("tcp", parts[0]);
    }

    /// <summary>Removes the names of unix sockets when the daemon ends in order.</summary>
    public static void RemoveFiles(IEnumerable<ApiEndPoint> endPoints)
    {
        foreach (var endPoint in endPoints)
        {
            if (endPoint.Name.StartsWith("unix://", StringComparison.Ordinal))
                File.Delete(endPoint.Name["unix://".Length..]);
        }
    }

    private static StreamSocket OpenUnix(string path, string? group)
    {
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder)
            Directory.CreateDirectory(folder);
        RemoveStale(path);
        // Bound under another name and renamed: nobody can connect before the mode is right.
        string temporary = $"{path}.{Environment.ProcessId}";
        File.Delete(temporary);
        var socket = StreamSocket.ListenUnix(temporary, Backlog);
        File.SetUnixFileMode(temporary, SocketMode);
        SocketGroup.Apply(temporary, group);
        File.Move(temporary, path, overwrite: true);
        return socket;
    }

    /// <summary>A socket nobody listens on any more is left by a daemon that was killed. A living one is not taken over.</summary>
    private static void RemoveStale(string path)
    {
        if (!File.Exists(path))
            return;
        try
        {
            StreamSocket.ConnectUnix(path).Dispose();
        }
        catch (LinuxException exception) when (exception.Number is Errno.ECONNREFUSED or Errno.ENOENT)
        {
            File.Delete(path);
            return;
        }
        throw new SettingException($"failed to load listeners: another daemon listens on {path}");
    }

    internal static IPEndPoint ParseTcp(string text, int defaultPort)
    {
        int colon = text.LastIndexOf(':');
        string address = colon >= 0 && !text.EndsWith(']') ? text[..colon] : text;
        string port = colon >= 0 && !text.EndsWith(']') ? text[(colon + 1)..] : "";
        address = address.Trim('[', ']');
        if (address is "" or "localhost")
            address = "127.0.0.1";
        int number = defaultPort;
        if (!IPAddress.TryParse(address, out var ip)
            || (port.Length > 0 && (!int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out number) || number > 65535)))
        {
            throw new SettingException($"invalid bind address (tcp://{text}): give an IP address and a port");
        }
        return new IPEndPoint(ip, number);
    }

    /// <summary>Descriptors of the service manager (sd_listen_fds(3)).</summary>
    private static List<ApiEndPoint> Inherited(string host)
    {
        if (Environment.GetEnvironmentVariable("LISTEN_PID") != Environment.ProcessId.ToString(CultureInfo.InvariantCulture)
            || !int.TryParse(Environment.GetEnvironmentVariable("LISTEN_FDS"), out int count) || count < 1)
        {
            throw new SettingException("failed to load listeners: no sockets found via socket activation: make sure the service was started by systemd");
        }
        Environment.SetEnvironmentVariable("LISTEN_PID", null);
        Environment.SetEnvironmentVariable("LISTEN_FDS", null);
        return [.. Enumerable.Range(FirstInherited, count).Select(descriptor => new ApiEndPoint(host, StreamSocket.FromListening(descriptor), tls: null))];
    }
}
