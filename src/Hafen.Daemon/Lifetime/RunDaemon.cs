using System.Diagnostics;
using System.Security.Cryptography;
using Hafen.Daemon.Composition;
using Hafen.Daemon.Configuration;
using Hafen.Daemon.Http;
using Hafen.Daemon.Http.Authorization;
using Hafen.Daemon.Http.Transport;
using Hafen.Engine;
using Hafen.Errors;
using Hafen.Linux.Netlink;
using Hafen.Networking;

namespace Hafen.Daemon.Lifetime;

/// <summary>The daemon from its start to its end.</summary>
internal static class RunDaemon
{
    /// <summary>Goes as far as a start goes before it changes anything.</summary>
    /// <exception cref="SettingException">The operator asked for something that cannot be.</exception>
    public static void Validate(CommandLine line)
    {
        var settings = SettingsReader.Read(line);
        LogSwitch.ParseLevel(settings);
        TlsSettings.Create(settings);
        Check(settings, DaemonPaths.From(settings));
    }

    /// <exception cref="SettingException">The operator asked for something that cannot be.</exception>
    public static async Task RunAsync(CommandLine line)
    {
        long begun = Stopwatch.GetTimestamp();
        // The first digest loads and sets up libcrypto, which takes as long as the rest of the start: that goes on beside it.
        var warm = Task.Run(static () => SHA256.HashData([]));

        // 1. What was asked for; nothing is changed until all of it is known to be right.
        var settings = SettingsReader.Read(line);
        using var loggers = new LogSwitch(Console.Error, LogSwitch.ParseLevel(settings));
        var log = loggers.CreateLogger("Hafen.Daemon");
        var tls = TlsSettings.Create(settings);
        var paths = DaemonPaths.From(settings);
        Check(settings, paths);
        paths.Prepare();

        // 2. This daemon alone, reachable by signals from now on.
        using var instance = InstanceLock.Take(paths.Root, "--data-root");
        using var run = paths.RunRoot == paths.Root ? null : InstanceLock.Take(paths.RunRoot, "--exec-root");
        using var pid = PidFile.Write(settings.PidFile ?? Path.Combine(paths.RunRoot, "hafend.pid"));
        var current = new CurrentSettings(settings);
        using var signals = new StopSignals(() => current.Change(before => Reload(line, before, paths, loggers, log)));
        await OpenHosts.WarnAsync(settings, log, TimeProvider.System, signals.Requested);
        var endPoints = ApiEndPoints.Open(settings.Hosts, settings.Group, tls);

        try
        {
            // 3. The rooms; clients that connect meanwhile wait in the sockets' backlogs.
            settings = current.Value;
            await using var daemon = await HafenDaemon.OpenAsync(settings, paths, loggers, CancellationToken.None);
            current.Follow(settings, read => daemon.Reload(read, paths));
            using var server = new ApiServer(endPoints, loggers);
            await server.StartAsync(daemon.Routes, new WhoeverConnects(), CancellationToken.None);
            daemon.Answering();
            foreach (var endPoint in endPoints)
                DaemonLog.Listening(log, endPoint.Name);
            await warm;
            double milliseconds = Stopwatch.GetElapsedTime(begun).TotalMilliseconds;
            DaemonLog.Ready(log, milliseconds);

            // 4. Work, until someone says stop.
            await signals.Requested;
            settings = current.Value;
            DaemonLog.Stopping(log, settings.LiveRestore ? "go on" : "are stopped");
            using var limit = new CancellationTokenSource(Shutdown(settings));
            await server.StopAsync(limit.Token);
            if (!settings.LiveRestore)
                await daemon.StopContainersAsync(settings.ShutdownTimeout ?? DaemonSettings.DefaultShutdownTimeout);
            await daemon.StopAsync();
        }
        finally
        {
            ApiEndPoints.RemoveFiles(endPoints);
        }
        DaemonLog.Stopped(log);
    }

    internal static void Check(DaemonSettings settings, DaemonPaths paths)
    {
        ApiEndPoints.Check(settings.Hosts);
        try
        {
            EngineOptionsCheck.Verify(EngineSettings.Engine(settings, paths));
        }
        catch (HafenException exception)
        {
            throw new SettingException(exception.Message, exception);
        }
        OptionsCheck.Verify(EngineSettings.Networks(settings, paths));
        if (!EngineSettings.NeedsBridge(settings))
            return;
        using var socket = NetlinkSocket.Open();
        if (socket.IndexOf(settings.Bridge!) == 0)
        {
            throw new SettingException(
                $"bridge device with non default name {settings.Bridge} must be created manually, or be given as --bridge-name to be made by this daemon");
        }
    }

    private static TimeSpan Shutdown(DaemonSettings settings) => settings.ShutdownTimeout switch
    {
        < 0 => Timeout.InfiniteTimeSpan,
        var seconds => TimeSpan.FromSeconds(seconds ?? DaemonSettings.DefaultShutdownTimeout),
    };

    /// <summary>What holds from now on; null when the file is wrong and nothing changes.</summary>
    private static DaemonSettings? Reload(
        CommandLine line, DaemonSettings before, DaemonPaths paths, LogSwitch loggers, Microsoft.Extensions.Logging.ILogger log)
    {
        try
        {
            var read = SettingsReader.ReadAgain(line, before);
            Check(read, paths);
            loggers.Level = LogSwitch.ParseLevel(read);
            DaemonLog.Reloaded(log, loggers.Level);
            return read;
        }
        catch (SettingException exception)
        {
            DaemonLog.NotReloaded(log, exception.Message);
            return null;
        }
    }
}
