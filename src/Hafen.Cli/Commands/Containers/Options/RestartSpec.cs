using Hafen.Api;
using Hafen.Cli.CommandLine;

namespace Hafen.Cli.Commands.Containers.Options;

/// <summary><c>--restart no|always|unless-stopped|on-failure[:n]</c>.</summary>
internal static class RestartSpec
{
    public static RestartPolicy Parse(string text)
    {
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        string name = colon < 0 ? text : text[..colon];
        int count = 0;
        if (colon >= 0)
        {
            if (name.Length == 0)
                throw new CommandException("invalid restart policy format: no policy provided before colon");
            if (!int.TryParse(text.AsSpan(colon + 1), out count))
                throw new CommandException("invalid restart policy format: maximum retry count must be an integer");
        }

        return new RestartPolicy { Name = name, MaximumRetryCount = count };
    }
}
