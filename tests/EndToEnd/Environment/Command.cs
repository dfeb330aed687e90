using System.Diagnostics;

namespace Hafen.EndToEnd.Environment;

/// <summary>Runs a program to its end, feeding it and reading it whole, within a time limit.</summary>
public static class Command
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);

    public static CommandResult Run(string program, params string[] arguments) => Run(program, arguments, input: null);

    public static CommandResult Run(
        string program, IEnumerable<string> arguments, byte[]? input, IReadOnlyDictionary<string, string>? environment = null, TimeSpan? limit = null)
        => RunAsync(program, arguments, input, environment, limit).GetAwaiter().GetResult();

    public static async Task<CommandResult> RunAsync(
        string program, IEnumerable<string> arguments, byte[]? input = null, IReadOnlyDictionary<string, string>? environment = null, TimeSpan? limit = null)
    {
        using var process = Start(program, arguments, environment);
        string line = program + " " + string.Join(' ', process.StartInfo.ArgumentList);
        using var expired = new CancellationTokenSource(limit ?? Limit);
        using var output = new MemoryStream();
        using var error = new MemoryStream();
        try
        {
            var reading = Task.WhenAll(
                process.StandardOutput.BaseStream.CopyToAsync(output, expired.Token),
                process.StandardError.BaseStream.CopyToAsync(error, expired.Token));
            await FeedAsync(process, input, expired.Token);
            await reading;
            await process.WaitForExitAsync(expired.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{line}\ndid not end in time\n{System.Text.Encoding.UTF8.GetString(error.ToArray())}\n{System.Text.Encoding.UTF8.GetString(output.ToArray())}");
        }
        return new CommandResult(line, process.ExitCode, output.ToArray(), error.ToArray());
    }

    public static Process Start(string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(program)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (string argument in arguments)
            start.ArgumentList.Add(argument);
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
            start.Environment[name] = value;
        return Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start");
    }

    private static async Task FeedAsync(Process process, byte[]? input, CancellationToken cancellationToken)
    {
        try
        {
            if (input is not null)
                await process.StandardInput.BaseStream.WriteAsync(input, cancellationToken);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // The program ended without reading all of its input: what it printed tells why.
        }
    }
}
