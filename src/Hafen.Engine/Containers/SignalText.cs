using System.Globalization;
using Hafen.Api;
using Hafen.Linux.Processes;

namespace Hafen.Engine.Containers;

/// <summary>Signals as requests write them, with Docker's messages.</summary>
internal static class SignalText
{
    public const int SIGKILL = 9, SIGTERM = 15, SIGCONT = 18;

    /// <summary>The number of a signal given by name or number.</summary>
    /// <exception cref="EngineException">No such signal.</exception>
    public static int Parse(string text)
    {
        if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number))
        {
            if (number == 0)
                throw EngineException.InvalidParameter($"invalid signal: {text}");
            return number;
        }
        if (SignalTable.TryFind(text, out number))
            return number;
        throw EngineException.InvalidParameter($"invalid signal: {text}");
    }

    /// <summary>The same, and the kernel must know the signal.</summary>
    public static int ParseValid(string text)
    {
        int number = Parse(text);
        // 32 and 33 belong to the C library's threads.
        if (number is < 1 or > SignalTable.LastRealTime or 32 or 33)
            throw EngineException.InvalidParameter($"the linux daemon does not support signal {number}");
        return number;
    }

    /// <summary>The signal that ends a container in order.</summary>
    public static int ToStop(ContainerConfig config) => string.IsNullOrEmpty(config.StopSignal) ? SIGTERM : Parse(config.StopSignal);
}
