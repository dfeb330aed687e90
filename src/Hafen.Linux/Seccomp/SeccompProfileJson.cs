using System.Text.Json;
using System.Text.Json.Serialization;
using Hafen.Oci.Runtime;

namespace Hafen.Linux.Seccomp;

/// <summary>Docker's JSON form of a profile.</summary>
internal static class SeccompProfileJson
{
    public static SeccompProfile Parse(ReadOnlySpan<byte> json)
    {
        Document? document;
        try
        {
            document = JsonSerializer.Deserialize(json, SeccompJsonContext.Default.Document);
        }
        catch (JsonException exception)
        {
            throw new SeccompException($"Decoding seccomp profile failed: {exception.Message}", exception);
        }

        if (document is null)
            throw new SeccompException("Decoding seccomp profile failed: the document is null");
        if (document.Architectures is { Length: > 0 } && document.ArchMap is { Length: > 0 })
        {
            throw new SeccompException(
                "both 'architectures' and 'archMap' are specified in the seccomp profile, use either 'architectures' or 'archMap'");
        }

        var architectures = new Dictionary<string, string[]>();
        foreach (var entry in document.ArchMap ?? [])
            architectures.TryAdd(entry.Architecture ?? "", entry.SubArchitectures ?? []);
        return new SeccompProfile
        {
            DefaultAction = document.DefaultAction,
            DefaultErrnoRet = document.DefaultErrnoRet,
            Architectures = document.Architectures,
            ArchMap = document.ArchMap is null ? null : architectures,
            Flags = document.Flags,
            ListenerPath = document.ListenerPath,
            ListenerMetadata = document.ListenerMetadata,
            Rules = [.. (document.Syscalls ?? []).Select(Rule)],
        };
    }

    private static SeccompRule Rule(RuleEntry entry)
    {
        if (!string.IsNullOrEmpty(entry.Name) && entry.Names is { Length: > 0 })
            throw new SeccompException("both 'name' and 'names' are specified in the seccomp profile, use either 'name' or 'names'");
        return new SeccompRule
        {
            Names = string.IsNullOrEmpty(entry.Name) ? entry.Names ?? [] : [entry.Name],
            Action = entry.Action ?? "",
            ErrnoRet = entry.ErrnoRet,
            Args = entry.Args,
            Includes = Condition(entry.Includes),
            Excludes = Condition(entry.Excludes),
        };
    }

    private static SeccompCondition? Condition(ConditionEntry? entry) =>
        entry is null ? null : new SeccompCondition(entry.Caps, entry.Arches, MinKernel(entry.MinKernel));

    private static KernelVersion? MinKernel(string? text)
    {
        if (string.IsNullOrEmpty(text))
            return null;
        string[] parts = text.Split('.');
        if (parts.Length == 2 && byte.TryParse(parts[0], out byte kernel) && byte.TryParse(parts[1], out byte major) && (kernel, major) != (0, 0))
            return new KernelVersion(kernel, major);
        throw new SeccompException($"Decoding seccomp profile failed: invalid kernel version: \"{text}\", expected \"<kernel>.<major>\"");
    }

    internal sealed record Document
    {
        public string? DefaultAction { get; init; }
        public uint? DefaultErrnoRet { get; init; }
        public string[]? Architectures { get; init; }
        public ArchitectureEntry[]? ArchMap { get; init; }
        public string[]? Flags { get; init; }
        public string? ListenerPath { get; init; }
        public string? ListenerMetadata { get; init; }
        public RuleEntry[]? Syscalls { get; init; }
    }

    internal sealed record ArchitectureEntry
    {
        public string? Architecture { get; init; }
        public string[]? SubArchitectures { get; init; }
    }

    internal sealed record RuleEntry
    {
        public string? Name { get; init; }
        public string[]? Names { get; init; }
        public string? Action { get; init; }
        public uint? ErrnoRet { get; init; }
        public SpecSyscallArgument[]? Args { get; init; }
        public ConditionEntry? Includes { get; init; }
        public ConditionEntry? Excludes { get; init; }
    }

    internal sealed record ConditionEntry
    {
        public string[]? Caps { get; init; }
        public string[]? Arches { get; init; }
        public string? MinKernel { get; init; }
    }
}

/// <summary>JSON context of profiles. Members are matched without regard to case, as Go does.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, PropertyNameCaseInsensitive = true,
    ReadCommentHandling = JsonCommentHandling.Disallow)]
[JsonSerializable(typeof(SeccompProfileJson.Document))]
internal sealed partial class SeccompJsonContext : JsonSerializerContext;
