using System.Text.Json.Serialization;

namespace Hafen.Api;

/// <summary>
/// JSON of the Engine API. Like Go's decoder it reads member names in any case; unlike most .NET contexts it writes nulls,
/// because clients tell <c>null</c>, <c>[]</c> and "absent" apart (the records say which).
/// </summary>
[JsonSourceGenerationOptions(
    GenerationMode = JsonSourceGenerationMode.Metadata,
    DefaultIgnoreCondition = JsonIgnoreCondition.Never,
    PropertyNameCaseInsensitive = true,
    Converters = [typeof(GoStringConverter)])]
[JsonSerializable(typeof(ContainerCreateRequest))]
[JsonSerializable(typeof(ContainerCreateResponse))]
[JsonSerializable(typeof(ContainerUpdateRequest))]
[JsonSerializable(typeof(ContainerUpdateResponse))]
[JsonSerializable(typeof(ContainerInspect))]
[JsonSerializable(typeof(ContainerSummary[]))]
[JsonSerializable(typeof(ContainerTop))]
[JsonSerializable(typeof(ContainerConfig))]
[JsonSerializable(typeof(HostConfig))]
[JsonSerializable(typeof(MountPoint[]))]
[JsonSerializable(typeof(WaitResponse))]
[JsonSerializable(typeof(ContainersPruneReport))]
[JsonSerializable(typeof(IdResponse))]
[JsonSerializable(typeof(ExecCreateRequest))]
[JsonSerializable(typeof(ExecStartRequest))]
[JsonSerializable(typeof(ExecInspect))]
[JsonSerializable(typeof(ImageSummary[]))]
[JsonSerializable(typeof(ImageInspect))]
[JsonSerializable(typeof(ImageHistoryItem[]))]
[JsonSerializable(typeof(ImageDeleteResponse[]))]
[JsonSerializable(typeof(ImagesPruneReport))]
[JsonSerializable(typeof(BuildCachePruneReport))]
[JsonSerializable(typeof(NetworkInspect))]
[JsonSerializable(typeof(NetworkInspect[]))]
[JsonSerializable(typeof(NetworkCreateRequest))]
[JsonSerializable(typeof(NetworkCreateResponse))]
[JsonSerializable(typeof(NetworkConnectRequest))]
[JsonSerializable(typeof(NetworkDisconnectRequest))]
[JsonSerializable(typeof(NetworksPruneReport))]
[JsonSerializable(typeof(VolumeInspect))]
[JsonSerializable(typeof(VolumeList))]
[JsonSerializable(typeof(VolumeCreateRequest))]
[JsonSerializable(typeof(VolumesPruneReport))]
[JsonSerializable(typeof(EventMessage))]
[JsonSerializable(typeof(ErrorResponse))]
[JsonSerializable(typeof(ProgressMessage))]
[JsonSerializable(typeof(SystemVersion))]
[JsonSerializable(typeof(SystemInfo))]
[JsonSerializable(typeof(DiskUsage))]
[JsonSerializable(typeof(Dictionary<string, string>))]
public sealed partial class ApiJson : JsonSerializerContext;
