using System.Net;
using Hafen.Api;
using Hafen.Cli.CommandLine;
using Hafen.Cli.Commands.Containers.Options;
using Hafen.Cli.Commands.Images;
using Hafen.Cli.Formatting.Units;
using Hafen.Cli.Session;
using Hafen.Client.Errors;
using Hafen.Linux.Terminals;

namespace Hafen.Cli.Commands.Containers;

/// <summary>What <c>run</c> and <c>create</c> have in common: from flags to a created container.</summary>
internal static class ContainerCreation
{
    /// <summary>The request for the flags.</summary>
    public static ContainerCreateRequest Request(CliSession session, ContainerFlags flags, IReadOnlyList<string> arguments)
    {
        if (flags.Pull.Value is not ("always" or "missing" or "never" or ""))
            throw new CommandException($"invalid pull option: '{flags.Pull.Value}': must be one of \"always\", \"missing\" or \"never\"");
        if (WantsTrust(session, flags))
            throw new CommandException("content trust is not available in this version: unset DOCKER_CONTENT_TRUST, or use --disable-content-trust");
        var proxies = session.Config.ProxyVariables(session.Endpoint.Text);
        return ContainerRequest.Build(flags, arguments[0], [.. arguments.Skip(1)], session.Environment, proxies);
    }

    /// <summary>Creates the container, with its image when that is missing and may be pulled.</summary>
    /// <returns>The ID.</returns>
    public static string Create(CliSession session, ContainerFlags flags, ContainerCreateRequest request)
    {
        // 1. The file for the ID must not exist before anything else does.
        using var idFile = IdFile.Open(flags.CidFile.Value);

        // 2. The image.
        if (request.HostConfig!.Dns?.FirstOrDefault(IsLoopback) is { } server)
            session.Streams.WriteErrorLine($"WARNING: Localhost DNS ({server}) may fail in containers.");
        if (!ImageName.TryParse(request.Image!, out var image) && !IsImageId(request.Image!))
            throw new CommandException(ImageName.Complaint(request.Image!));
        string? platform = Platform(session, flags);
        if (flags.Pull.Value == "always")
            Pull(session, flags, request.Image!, platform);

        // 3. The container.
        if (Terminal.TryGetWindowSize(session.Streams.Output, out var size))
            request = request with { HostConfig = request.HostConfig! with { ConsoleSize = [(uint)size.Height, (uint)size.Width] } };
        ContainerCreateResponse created;
        try
        {
            created = session.Client.Containers.Create(request, flags.Name.Value, platform).Run();
        }
        catch (ApiException exception) when (IsMissingImage(exception) && flags.Pull.Value == "missing" && !IsImageId(request.Image!))
        {
            if (!flags.Quiet.Value)
                session.Streams.WriteErrorLine($"Unable to find image '{image.WithDefaultTag().Familiar}' locally");
            Pull(session, flags, request.Image!, platform);
            created = session.Client.Containers.Create(request, flags.Name.Value, platform).Run();
        }

        foreach (string warning in created.Warnings ?? [])
            session.Streams.WriteErrorLine($"WARNING: {warning}");
        idFile.Write(created.Id);
        return created.Id;
    }

    /// <summary>Who asks for verified images must not get others without a word.</summary>
    private static bool WantsTrust(CliSession session, ContainerFlags flags)
    {
        if (flags.ContentTrust.Changed)
            return !flags.ContentTrust.Value;
        return session.Environment("DOCKER_CONTENT_TRUST") is { Length: > 0 } text && text is not ("0" or "f" or "F" or "FALSE" or "false" or "False");
    }

    private static string? Platform(CliSession session, ContainerFlags flags)
    {
        string? text = flags.Platform.Changed ? flags.Platform.Value : session.Environment("DOCKER_DEFAULT_PLATFORM");
        try
        {
            return string.IsNullOrEmpty(text) ? null : PlatformSpec.Parse(text).ToString();
        }
        catch (FormatException exception)
        {
            throw new CommandException($"error parsing specified platform: {exception.Message}");
        }
    }

    private static void Pull(CliSession session, ContainerFlags flags, string image, string? platform)
    {
        var name = ImageName.TryParse(image, out var parsed) ? parsed.WithDefaultTag() : parsed;
        using var progress = session.Client.Images.Pull(name.Repository, name.Digest ?? name.Tag, platform).Run();
        ProgressDisplay.Show(progress.Body, session.Streams, toError: true, quiet: flags.Quiet.Value);
    }

    /// <summary>A volume driver or another thing that is not found would not come with the image.</summary>
    private static bool IsMissingImage(ApiException refusal)
        => refusal.IsNotFound && (refusal.Message.Contains("No such image", StringComparison.OrdinalIgnoreCase)
            || refusal.Message.StartsWith("image with reference", StringComparison.Ordinal));

    private static bool IsLoopback(string server) => IPAddress.TryParse(server, out var address) && IPAddress.IsLoopback(address);

    private static bool IsImageId(string text)
        => text.Length == 64 && text.All(char.IsAsciiHexDigitLower) || text.StartsWith("sha256:", StringComparison.Ordinal);
}
