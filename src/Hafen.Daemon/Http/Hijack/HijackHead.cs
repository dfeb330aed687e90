using System.Text;

namespace Hafen.Daemon.Http.Hijack;

/// <summary>The response's head in front of a raw stream.</summary>
public static class HijackHead
{
    private const string Raw = "application/vnd.docker.raw-stream";
    private const string Multiplexed = "application/vnd.docker.multiplexed-stream";

    /// <param name="upgrade">Whether the client asked for an upgrade; clients of old do not and read on after a plain answer.</param>
    /// <param name="multiplexed">Whether the content type names the framing.</param>
    public static byte[] Bytes(bool upgrade, bool multiplexed)
    {
        string type = multiplexed ? Multiplexed : Raw;
        string head = upgrade
            ? $"HTTP/1.1 101 UPGRADED\r\nContent-Type: {type}\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n"
            : $"HTTP/1.1 200 OK\r\nContent-Type: {type}\r\n";
        var text = new StringBuilder(head);
        foreach (var (name, value) in ServerHeaders.All)
            text.Append(name).Append(": ").Append(value).Append("\r\n");
        return Encoding.ASCII.GetBytes(text.Append("\r\n").ToString());
    }
}
