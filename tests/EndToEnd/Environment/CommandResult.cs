using System.Text;

namespace Hafen.EndToEnd.Environment;

/// <summary>How a command ended and every byte it wrote.</summary>
public sealed record CommandResult(string CommandLine, int ExitCode, byte[] Output, byte[] Error)
{
    public string Text => Encoding.UTF8.GetString(Output);

    public string ErrorText => Encoding.UTF8.GetString(Error);

    /// <summary>Output without the line end.</summary>
    public string Line => Text.TrimEnd('\n', '\r');

    public string[] Lines => Text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>The same, after a check that the command succeeded.</summary>
    public CommandResult Ok()
    {
        Assert.True(ExitCode == 0, $"{CommandLine}\nexit code {ExitCode}\n{ErrorText}\n{Text}");
        return this;
    }

    /// <summary>The same, after a check that the command failed with this code and this text in its error output.</summary>
    public CommandResult Fails(int code, string message)
    {
        Assert.True(ExitCode == code, $"{CommandLine}\nexit code {ExitCode}, expected {code}\n{ErrorText}\n{Text}");
        Assert.Contains(message, ErrorText, StringComparison.Ordinal);
        return this;
    }
}
