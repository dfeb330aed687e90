using System.Reflection;

namespace Hafen.Cli;

/// <summary>What this executable was built from.</summary>
internal static class BuildVersion
{
    private static readonly string s_informational =
        typeof(BuildVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0.0.0+unknown";

    public static string Version => s_informational.Split('+')[0];

    /// <summary>The commit, abbreviated as git does.</summary>
    public static string Commit => s_informational.Split('+') is [_, { Length: > 0 } commit, ..] ? commit[..Math.Min(7, commit.Length)] : "unknown";
}
