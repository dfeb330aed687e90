using System.Diagnostics;

namespace Hafen.Bench;

/// <summary>Programs run to their end.</summary>
internal static class Shell
{
    public static string Run(string program, params string[] arguments) => Run(program, arguments, null, out _);

    /// <summary>Runs a client against a daemon; a failure ends the measurement.</summary>
    public static string Run(Server server, string client, params string[] arguments)
    {
        string output = Run(client, arguments, server.Environment(), out int code);
        return code == 0 ? output : throw new InvalidOperationException($"{client} {string.Join(' ', arguments)} on {server.Name} ended with {code}");
    }

    private static string Run(string program, string[] arguments, Dictionary<string, string>? environment, out int code)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        foreach (string argument in arguments)
            start.ArgumentList.Add(argument);
        foreach (var (name, value) in environment ?? [])
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        process.StandardInput.Close();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        code = process.ExitCode;
        if (code != 0)
            Console.Error.WriteLine($"{program} {string.Join(' ', arguments)}: {error.Result.Trim()}");
        return output;
    }
}
