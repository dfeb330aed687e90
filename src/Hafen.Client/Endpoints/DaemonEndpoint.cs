using System.Net;
using Hafen.Linux;
using Hafen.Linux.Sockets;

namespace Hafen.Client.Endpoints;

/// <summary>Where a daemon listens, in docker's notation: <c>unix:///run/hafen/hafen.sock</c> or <c>tcp://host:port</c>.</summary>
public sealed record DaemonEndpoint
{
    /// <summary>The port docker takes for <c>tcp://</c> without one.</summary>
    private const int DefaultTcpPort = 2375;

    /// <summary>Socket the daemon listens on when nothing else is said.</summary>
    public const string Default = "unix:///run/hafen/hafen.sock";

    private DaemonEndpoint(string text, string? socketPath, string host, int port)
    {
        Text = text;
        SocketPath = socketPath;
        Host = host;
        Port = port;
    }

    /// <summary>The endpoint for messages: as given, with its scheme.</summary>
    public string Text { get; }

    /// <summary>Path of the unix socket, or null for TCP.</summary>
    public string? SocketPath { get; }

    /// <summary>Host name or address for TCP, empty for a unix socket.</summary>
    public string Host { get; }

    /// <summary>TCP port, 0 for a unix socket.</summary>
    public int Port { get; }

    /// <summary>What goes into the HTTP <c>Host</c> header.</summary>
    public string HostHeader => SocketPath is null ? $"{Host}:{Port}" : "api.hafen.localhost";

    /// <summary>Parses an endpoint.</summary>
    /// <exception cref="FormatException">The text is not an address a daemon can be reached at.</exception>
    public static DaemonEndpoint Parse(string text)
    {
        int separator = text.IndexOf("://", StringComparison.Ordinal);
        string scheme = separator < 0 ? "tcp" : text[..separator];
        string rest = separator < 0 ? text : text[(separator + 3)..];
        if (rest.Length == 0)
            throw new FormatException($"invalid bind address format: {text}");
        if (separator < 0)
            text = "tcp://" + (text[0] == ':' ? "localhost" : "") + text;
        return scheme switch
        {
            "unix" => new DaemonEndpoint(text, rest, "", 0),
            "tcp" or "http" => ParseTcp(text, rest),
            _ => throw new FormatException($"invalid bind address format: {text}"),
        };
    }

    /// <summary>Opens a connected, blocking stream socket.</summary>
    /// <exception cref="LinuxException">Nothing answers there.</exception>
    public BlockingSocket Connect()
    {
        if (SocketPath is not null)
            return BlockingSocket.ConnectUnix(SocketPath);
        LinuxException? last = null;
        foreach (var address in Addresses())
        {
            try
            {
                return BlockingSocket.ConnectTcp(address, Port);
            }
            catch (LinuxException exception)
            {
                last = exception;
            }
        }

        throw last ?? new LinuxException(Errno.ENOENT, "connect", Host);
    }

    public override string ToString() => Text;

    private IPAddress[] Addresses()
    {
        if (IPAddress.TryParse(Host.Trim('[', ']'), out var literal))
            return [literal];
        try
        {
            return Dns.GetHostAddresses(Host);
        }
        catch (System.Net.Sockets.SocketException)
        {
            return [];
        }
    }

    private static DaemonEndpoint ParseTcp(string text, string rest)
    {
        int slash = rest.IndexOf('/', StringComparison.Ordinal);
        if (slash >= 0)
        {
            if (slash != rest.Length - 1)
                throw new FormatException($"invalid bind address format: {text} (a path is not supported)");
            rest = rest[..slash];
        }

        int bracket = rest.LastIndexOf(']');
        int colon = rest.LastIndexOf(':');
        if (colon <= bracket)
            return new DaemonEndpoint(text, null, rest, DefaultTcpPort);
        if (!int.TryParse(rest.AsSpan(colon + 1), out int port) || port is < 1 or > 65535)
            throw new FormatException($"invalid bind address format: {text}");
        return new DaemonEndpoint(text, null, colon == 0 ? "127.0.0.1" : rest[..colon], port);
    }
}
