namespace Hafen.Bench;

/// <summary>Where the programs are.</summary>
internal static class Executables
{
    private static readonly string s_folder = Environment.GetEnvironmentVariable("HAFEN_BIN") ?? throw new InvalidOperationException("bench/run sets HAFEN_BIN");

    public static string Hafend => Path.Combine(s_folder, "hafend");

    public static string Hafen => Path.Combine(s_folder, "hafen");
}
