using System.Runtime.InteropServices;
using Hafen.Api;
using Hafen.Engine.Images;

namespace Hafen.Engine.Host;

/// <summary>Shows the versions of the daemon and of the executables it works with.</summary>
public sealed class DescribeVersion(CurrentSystemOptions options)
{
    public SystemVersion Run()
    {
        var own = options.Value;
        string architecture = ImagePlatform.Host.Architecture;
        string kernel = KernelRelease();
        string framework = RuntimeInformation.FrameworkDescription;
        return new SystemVersion
        {
            Platform = new SystemPlatform { Name = "Hafen Engine" },
            Version = own.Version,
            ApiVersion = ApiVersion.Newest.ToString(),
            MinAPIVersion = ApiVersion.Oldest.ToString(),
            GitCommit = own.GitCommit,
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
                    Version = own.Version,
                    Details = new Dictionary<string, string>
                    {
                        ["ApiVersion"] = ApiVersion.Newest.ToString(),
                        ["Arch"] = architecture,
                        ["BuildTime"] = "",
                        ["Experimental"] = "false",
                        ["GitCommit"] = own.GitCommit,
                        ["GoVersion"] = framework,
                        ["KernelVersion"] = kernel,
                        ["MinAPIVersion"] = ApiVersion.Oldest.ToString(),
                        ["Os"] = "linux",
                    },
                },
                new ComponentVersion
                {
                    Name = "hafen-runtime",
                    Version = own.Version,
                    Details = new Dictionary<string, string> { ["GitCommit"] = own.GitCommit },
                },
            ],
        };
    }

    /// <summary>As <c>uname -r</c> prints it.</summary>
    internal static string KernelRelease() => File.ReadAllText("/proc/sys/kernel/osrelease").Trim();
}
