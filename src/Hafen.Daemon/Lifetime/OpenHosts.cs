using System.Net;
using Hafen.Daemon.Configuration;
using Hafen.Daemon.Http.Transport;
using Microsoft.Extensions.Logging;

namespace Hafen.Daemon.Lifetime;

/// <summary>
/// TCP without client certificates gives root to whoever reaches the port. It is allowed, and said aloud: the start pauses so that it is seen, long where
/// other machines can reach it and nobody has said that it is meant.
/// </summary>
internal static partial class OpenHosts
{
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_longPause = TimeSpan.FromSeconds(15);

    /// <summary>The hosts that anyone who reaches them may use, and how long the start waits for each.</summary>
    public static IReadOnlyList<(string Host, TimeSpan Pause)> Find(DaemonSettings settings)
    {
        if (settings.TlsVerify)
            return [];
        var found = new List<(string, TimeSpan)>();
        foreach (string host in settings.Hosts)
        {
            if (ApiEndPoints.TcpOf(host, settings.Tls) is not { } address)
                continue;
            bool meant = settings.TlsDecided || IPAddress.IsLoopback(address.Address);
            found.Add((host, meant ? s_pause : s_pause + s_longPause));
        }
        return found;
    }

    /// <summary>Warns of each, and waits.</summary>
    /// <param name="stopped">Completes when the daemon is told to end meanwhile.</param>
    public static async Task WarnAsync(DaemonSettings settings, ILogger log, TimeProvider time, Task stopped)
    {
        foreach (var (host, pause) in Find(settings))
        {
            if (stopped.IsCompleted)
                return;
            Open(log, host);
            Browsers(log, host);
            if (pause > s_pause)
                NotMeant(log, host, (int)pause.TotalSeconds);
            await Task.WhenAny(Task.Delay(pause, time), stopped);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Host}: binding to an IP address without --tlsverify is insecure: everyone who reaches the port is root on this machine")]
    private static partial void Open(ILogger log, string host);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Host}: even on localhost, scripts in a browser may reach it")]
    private static partial void Browsers(ILogger log, string host);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Host}: the start waits for {Seconds} seconds so that this is seen; say --tls=false or --tlsverify=false when it is meant, or use certificates")]
    private static partial void NotMeant(ILogger log, string host, int seconds);
}
