using System.Text;
using Hafen.Errors;
using Hafen.Linux.Seccomp;

namespace Hafen.Engine.Containers.Create;

/// <summary>What <c>--security-opt</c> asks for.</summary>
internal sealed record SecurityOptions
{
    public const string Unconfined = "unconfined";

    public bool NoNewPrivileges { get; init; }

    /// <summary>Null for the built-in profile, <see cref="Unconfined"/>, or a profile as JSON text.</summary>
    public string? Seccomp { get; init; }

    /// <summary>Named AppArmor profile; of no effect on a host without AppArmor, as with Docker.</summary>
    public string? AppArmor { get; init; }

    /// <summary>Mount cgroups writable although the container is not privileged.</summary>
    public bool WritableCgroups { get; init; }

    /// <exception cref="EngineException">An option is unknown or malformed.</exception>
    public static SecurityOptions Parse(IReadOnlyList<string>? options, bool noNewPrivileges)
    {
        var result = new SecurityOptions { NoNewPrivileges = noNewPrivileges };
        foreach (string option in options ?? [])
        {
            if (option == "no-new-privileges")
            {
                result = result with { NoNewPrivileges = true };
                continue;
            }
            if (option == "writable-cgroups")
            {
                result = result with { WritableCgroups = true };
                continue;
            }
            // SELinux is not enabled on hosts this project supports; turning it off is always possible.
            if (option == "disable")
                continue;

            int separator = option.IndexOf('=', StringComparison.Ordinal);
            if (separator < 0)
                separator = option.IndexOf(':', StringComparison.Ordinal);
            if (separator < 0)
                throw EngineException.InvalidParameter($"invalid --security-opt 1: \"{option}\"");
            string value = option[(separator + 1)..];
            result = option[..separator] switch
            {
                "label" => result,
                "apparmor" => result with { AppArmor = value },
                "seccomp" => result with { Seccomp = CheckProfile(value) },
                "no-new-privileges" => result with { NoNewPrivileges = ParseBool(value, option) },
                "writable-cgroups" => result with { WritableCgroups = ParseBool(value, option) },
                _ => throw EngineException.InvalidParameter($"invalid --security-opt 2: \"{option}\""),
            };
        }
        return result;
    }

    private static string? CheckProfile(string value)
    {
        if (value is "" or "builtin")
            return null;
        if (value == Unconfined)
            return value;
        try
        {
            SeccompProfile.Parse(Encoding.UTF8.GetBytes(value));
            return value;
        }
        catch (SeccompException exception)
        {
            throw new EngineException(ErrorKind.InvalidParameter, $"decoding seccomp profile failed: {exception.Message}", exception);
        }
    }

    private static bool ParseBool(string value, string option) => value switch
    {
        "1" or "t" or "T" or "true" or "TRUE" or "True" => true,
        "0" or "f" or "F" or "false" or "FALSE" or "False" => false,
        _ => throw EngineException.InvalidParameter($"invalid --security-opt 2: \"{option}\""),
    };
}
