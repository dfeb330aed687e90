using Hafen.Engine.Containers.Create;

namespace Hafen.Engine;

/// <summary>Refuses options with which every container would fail or get what means nothing, before the first one is asked for.</summary>
public static class EngineOptionsCheck
{
    /// <exception cref="EngineException">The first option that cannot be.</exception>
    public static void Verify(EngineOptions options)
    {
        LogSettings.Resolve(null, options);
        foreach (var limit in options.DefaultUlimits)
            ValidateHostConfig.CheckUlimit(limit);
        foreach (string option in options.DnsOptions)
        {
            if (option.Length == 0 || option.Any(char.IsWhiteSpace))
                throw EngineException.InvalidParameter($"dns-opt: \"{option}\" is not one word");
        }
    }
}
