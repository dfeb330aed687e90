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
        var proxies = session.Config.ProxyVariables(session.Options.Endpoint().Text);
        return ContainerRequest.Build(flags, arguments[0], [.. arguments.Skip(1)], session.Environment, proxies);
    }

    /// <summary>Creates the container, with its image when that is missing and may be pulled.</summary>
    /// <returns>The ID.</returns>
    public static string Create(CliSession session, ContainerFlags flags, ContainerCreateRequest request)
    {
        // 1. The file for the ID must not exist before anything else does.
        using var idFile = IdFile.Open(flags.CidFile.Value);

        // 2. The image.
        if (!ImageName.TryParse(request.Image!, out var image) && !IsImageId(request.Image!))
            throw new CommandException(ImageName.Complaint(request.Image!));
        if (flags.Pull.Value == "always") Pull(session, flags, request.Image!);

        // 3. The container.
        if (Terminal.TryGetWindowSize(session.Streams.Output, out var size))
            request = request with { HostConfig = request.HostConfig! with { ConsoleSize = [(uint)size.Height, (uint)size.Width] } };
        ContainerCreateResponse created;
        try
        {
            created = session.Client.Containers.Create(request, flags.Name.Value, flags.Platform.Value);
        }
        catch (ApiException missing) when (missing.IsNotFound && flags.Pull.Value == "missing" && !IsImageId(request.Image!))
        {
            if (!flags.Quiet.Value) session.Streams.WriteErrorLine($"Unable to find image '{image.WithDefaultTag().Familiar}' locally");
            Pull(session, flags, request.Image!);
            created = session.Client.Containers.Create(request, flags.Name.Value, flags.Platform.Value);
        }

        foreach (var warning in created.Warnings ?? []) session.Streams.WriteErrorLine($"WARNING: {warning}");
        idFile.Write(created.Id);
        return created.Id;
    }

    private static void Pull(CliSession session, ContainerFlags flags, string image)
    {
        var name = ImageName.TryParse(image, out var parsed) ? parsed.WithDefaultTag() : parsed;
        using var progress = session.Client.Images.Pull(name.Repository, name.Digest ?? name.Tag, flags.Platform.Value);
        ProgressDisplay.Show(progress.Body, session.Streams, toError: true, quiet: flags.Quiet.Value);
    }

    private static bool IsImageId(string text)
        => text.Length == 64 && text.All(char.IsAsciiHexDigitLower) || text.StartsWith("sha256:", StringComparison.Ordinal);
}
