using Hafen.Daemon.Configuration;
using Hafen.Daemon.Http;
using Hafen.Daemon.Lifetime;
using Hafen.Linux;
using Hafen.Linux.Events;
using Hafen.Linux.FileSystem;
using Hafen.Networking;

// A daemon started by nohup or in a shell's background hears SIGHUP, SIGINT and its children all the same.
SignalDispositions.Reset();
// Nor do files that containers read (hosts, resolv.conf) or folders made for their mounts depend on the shell that started it.
FileMask.Set(UnixFileMode.GroupWrite | UnixFileMode.OtherWrite);
try
{
    var line = CommandLine.Parse(args);
    if (line.ShowHelp)
    {
        Console.Out.Write(HelpText.Make());
        return 0;
    }
    if (line.ShowVersion)
    {
        Console.Out.WriteLine($"Hafen version {ServerHeaders.ProductVersion}");
        return 0;
    }
    if (line.Validate)
    {
        RunDaemon.Validate(line);
        Console.Error.WriteLine("configuration OK");
        return 0;
    }
    if (Environment.UserName != "root" && !Environment.IsPrivilegedProcess)
    {
        return Fail("hafend needs to be started with root privileges");
    }
    await RunDaemon.RunAsync(line);
    return 0;
}
catch (Exception exception) when (exception is SettingException or NetworkException or LinuxException or IOException or UnauthorizedAccessException)
{
    return Fail($"failed to start daemon: {exception.Message}");
}

// The exit code says it, too, where nothing can be written.
static int Fail(string why)
{
    try
    {
        Console.Error.WriteLine(why);
    }
    catch (IOException)
    {
    }
    return 1;
}
