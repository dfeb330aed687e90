using System.Runtime.InteropServices;
using Hafen.Api;
using Hafen.Engine.Images;

namespace Hafen.Engine.Host;

public static class DescribeVersion
{
    /// <summary>Versions of the daemon and of the executables it works with.</summary>
    public static SystemVersion Version(this SystemEngine system)
    {
        var options = system.Options;
        string architecture = ImagePlatform.Host.Architecture;
        string kernel = KernelRelease();
        string framework = RuntimeInformation.FrameworkDescription;
        return new SystemVersion
        {
            Platform = new SystemPlatform { Name = "Hafen Engine" },
            Version = options.Version,
            ApiVersion = ApiVersion.Newest.ToString(),
            MinAPIVersion = ApiVersion.Oldest.ToString(),
            GitCommit = options.GitCommit,
            // The member is named for another language; clients print it as the toolchain.
            GoVersion = framework,
            Os = "linux",
            Arch = architecture,
            KernelVersion = kernel,
            Components =
            [
                new ComponentVersion
                {
                    Name = "Engine",
                    Version = options.Version,
                    Details = new Dictionary<string, string>
                    {
                        ["ApiVersion"] = ApiVersion.Newest.ToString(),
                        ["Arch"] = architecture,
                        ["BuildTime"] = "",
                        ["Experimental"] = "false",
                        ["GitCommit"] = options.GitCommit,
                        ["GoVersion"] = framework,
                        ["KernelVersion"] = kernel,
                        ["MinAPIVersion"] = ApiVersion.Oldest.ToString(),
                        ["Os"] = "linux",
                    },
                },
                new ComponentVersion
                {
                    Name = "hafen-runtime",
                    Version = options.Version,
                    Details = new Dictionary<string, string> { ["GitCommit"] = options.GitCommit },
                },
            ],
        };
    }

    /// <summary>As <c>uname -r</c> prints it.</summary>
    internal static string KernelRelease() => File.ReadAllText("/proc/sys/kernel/osrelease").Trim();
}
