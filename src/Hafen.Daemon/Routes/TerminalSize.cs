using Hafen.Daemon.Http;
using Hafen.Engine;

namespace Hafen.Daemon.Routes;

/// <summary>The parameters <c>h</c> and <c>w</c> of the resize requests.</summary>
internal static class TerminalSize
{
    /// <exception cref="EngineException">Missing, or beyond what a terminal can have.</exception>
    public static (int Height, int Width) Of(ApiRequest request) => (Number(request, "h"), Number(request, "w"));

    private static int Number(ApiRequest request, string name)
    {
        if (request.QueryInt(name) is { } number and >= 0 and <= ushort.MaxValue)
            return number;
        throw EngineException.InvalidParameter($"invalid resize {(name == "h" ? "height" : "width")} \"{request.Query(name)}\"");
    }
}
