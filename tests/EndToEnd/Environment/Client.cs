using System.Diagnostics;

namespace Hafen.EndToEnd.Environment;

/// <summary>A command line client of a daemon: the stock docker CLI or hafen. Both must do the same.</summary>
public sealed class Client(string program, string host)
{
    private readonly Dictionary<string, string> _environment = new()
    {
        ["DOCKER_HOST"] = host,
        ["HAFEN_HOST"] = host,
        // The user's own configuration (contexts, aliases, credentials) must not decide what a test sees.
        ["DOCKER_CONFIG"] = "/nonexistent",
    };

    public CommandResult Run(params string[] arguments) => Command.Run(program, arguments, null, _environment);

    public CommandResult RunWith(byte[] input, params string[] arguments) => Command.Run(program, arguments, input, _environment);

    public Task<CommandResult> RunAsync(params string[] arguments) => Command.RunAsync(program, arguments, null, _environment);

    public Process Start(params string[] arguments) => Command.Start(program, arguments, _environment);

    /// <summary>Runs on a terminal of <c>script</c>(1); what is typed comes after a moment, as a person would.</summary>
    public async Task<CommandResult> RunOnTerminalAsync(string[] arguments, params string[] typed)
    {
        string line = string.Join(' ', new[] { program }.Concat(arguments).Select(Quote));
        using var process = Command.Start("script", ["-qefc", "stty rows 33 cols 111; " + line, "/dev/null"], _environment);
        using var expired = new CancellationTokenSource(Command.Limit);
        using var output = new MemoryStream();
        var reading = process.StandardOutput.BaseStream.CopyToAsync(output, expired.Token);
        try
        {
            foreach (string text in typed)
            {
                await Task.Delay(500, expired.Token);
                await process.StandardInput.WriteAsync(text.AsMemory(), expired.Token);
                await process.StandardInput.FlushAsync(expired.Token);
            }
            await process.WaitForExitAsync(expired.Token);
            await reading;
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{line}\ndid not end in time\n{System.Text.Encoding.UTF8.GetString(output.ToArray())}");
        }
        return new CommandResult(line, process.ExitCode, output.ToArray(), []);
    }

    private static string Quote(string argument) => "'" + argument.Replace("'", "'\\''", StringComparison.Ordinal) + "'";
}
