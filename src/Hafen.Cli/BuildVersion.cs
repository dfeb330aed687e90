using System.Reflection;

namespace Hafen.Cli;

/// <summary>What this executable was built from.</summary>
internal static class BuildVersion
{
    private static readonly string Informational =
        typeof(BuildVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0.0.0+unknown";

    public static string Version => Informational.Split('+')[0];

    /// <summary>The commit, abbreviated as git does.</summary>
    public static string Commit => Informational.Split('+') is [_, { Length: > 0 } commit, ..] ? commit[..Math.Min(7, commit.Length)] : "unknown";
}
