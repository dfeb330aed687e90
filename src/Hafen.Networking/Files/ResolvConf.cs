using System.Net;
using System.Text;

namespace Hafen.Networking.Files;

/// <summary>A container's <c>/etc/resolv.conf</c>, derived from the host's (resolv.conf(5)).</summary>
public static class ResolvConf
{
    private static readonly string[] s_fallback4 = ["8.8.8.8", "8.8.4.4"];
    private static readonly string[] s_fallback6 = ["2001:4860:4860::8888", "2001:4860:4860::8844"];

    /// <summary>
    /// Reads the host's file. When its only name server is systemd-resolved's stub, which answers on the host's loopback alone,
    /// the file in which systemd-resolved lists the real servers is read instead.
    /// </summary>
    /// <returns>The text; empty when the host has no such file.</returns>
    public static string ReadHostFile(string path = "/etc/resolv.conf", string resolvedPath = "/run/systemd/resolve/resolv.conf")
    {
        string text = ReadOrEmpty(path);
        return Nameservers(text) is ["127.0.0.53"] && File.Exists(resolvedPath) ? ReadOrEmpty(resolvedPath) : text;
    }

    /// <summary>The addresses after <c>nameserver</c>, in their order.</summary>
    public static IReadOnlyList<string> Nameservers(string text)
    {
        var servers = new List<string>();
        foreach (string line in Lines(text))
        {
            if (Words(line) is ["nameserver", string address, ..])
                servers.Add(address);
        }
        return servers;
    }

    /// <summary>Text of the container's file.</summary>
    public static string Build(ResolvConfRequest request)
    {
        List<string> servers = [];
        List<string> other = [];
        IReadOnlyList<string> search = [];
        IReadOnlyList<string> options = [];
        bool filter = !request.HostNetwork && request.Nameservers.Count == 0;
        bool dropped = false;
        foreach (string line in Lines(request.HostFile))
        {
            switch (Words(line))
            {
                case ["nameserver", string address, ..]:
                    if (filter && !Reachable(address, request.IPv6))
                        dropped = true;
                    else
                        servers.Add(address);
                    break;
                case ["search" or "domain", .. string[] domains]:
                    search = domains;
                    break;
                case ["options", .. string[] words]:
                    options = [.. options, .. words];
                    break;
                case [] or [['#' or ';', ..], ..]:
                    break;
                default:
                    other.Add(line.Trim());
                    break;
            }
        }

        bool overridden = request.Nameservers.Count + request.Search.Count + request.Options.Count > 0;
        bool fallback = filter && servers.Count == 0;
        if (!overridden && !dropped && !fallback)
            return request.HostFile;

        if (request.Nameservers.Count > 0)
            servers = [.. request.Nameservers];
        else if (fallback)
            servers = request.IPv6 ? [.. s_fallback4, .. s_fallback6] : [.. s_fallback4];
        if (request.Search.Count > 0)
            search = [.. request.Search.Where(domain => domain != ".")];
        if (request.Options.Count > 0)
            options = request.Options;
        return Write(search, servers, options, other);
    }

    private static string Write(IReadOnlyList<string> search, List<string> servers, IReadOnlyList<string> options, List<string> other)
    {
        var text = new StringBuilder();
        if (search.Count > 0)
            text.Append("search ").AppendJoin(' ', search).Append('\n');
        foreach (string server in servers)
            text.Append("nameserver ").Append(server).Append('\n');
        if (options.Count > 0)
            text.Append("options ").AppendJoin(' ', options).Append('\n');
        foreach (string line in other)
            text.Append(line).Append('\n');
        return text.ToString();
    }

    /// <summary>Whether a container in its own network namespace can reach the server: a loopback address would be the container itself.</summary>
    private static bool Reachable(string address, bool ipv6)
    {
        // A zone ("fe80::1%eth0") names an interface of the host, which the container does not have.
        if (address.Contains('%', StringComparison.Ordinal) || !IPAddress.TryParse(address, out var parsed))
            return false;
        if (IPAddress.IsLoopback(parsed))
            return false;
        return ipv6 || parsed.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork;
    }

    private static string ReadOrEmpty(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (IOException exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return "";
        }
    }

    private static string[] Lines(string text) => text.Split('\n');

    private static string[] Words(string line) => line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
}
