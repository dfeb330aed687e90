using System.Text.Json;
using System.Text.Json.Serialization;
using Hafen.Linux.FileSystem;

namespace Hafen.Linux.Tests.FileSystem;

public sealed partial class VersionedJsonTests : IDisposable
{
    private readonly string _path = Path.GetTempFileName();

    public void Dispose() => File.Delete(_path);

    [Theory]
    [InlineData("{\"name\":\"a\"}")]
    [InlineData("{\"version\":1,\"name\":\"a\"}")]
    [InlineData("{\"name\":\"a\",\"Version\":2}")]
    [InlineData("{\"inner\":{\"version\":9},\"list\":[{\"version\":9}],\"name\":\"a\"}")]
    public void What_is_known_is_read(string json) => Assert.Equal("a", Read(json).Name);

    [Theory]
    [InlineData("{\"version\":3}", "3")]
    [InlineData("{\"name\":[1,{}],\"version\":3}", "3")]
    [InlineData("{\"version\":3,\"name\":\"ha", "3")]
    [InlineData("{\"version\":99999999999}", "99999999999")]
    [InlineData("{\"version\":2.5}", "2.5")]
    [InlineData("{\"version\":\"next\"}", "next")]
    [InlineData("{\"version\":null}", "null")]
    public void What_is_newer_is_told_before_anything_else_of_it_is_understood(string json, string version)
        => Assert.Equal($"{_path} has version {version} of its format, and this release knows none newer than 2: it is left alone", Assert.Throws<NewerVersionException>(() => Read(json)).Message);

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("{\"version\":2,\"name\":\"ha")]
    [InlineData("{\"name\":\"a\"")]
    [InlineData("{\"version\":")]
    [InlineData("\0\0\0")]
    [InlineData("null")]
    [InlineData("[]")]
    public void What_is_half_written_is_no_file(string json) => Assert.ThrowsAny<JsonException>(() => Read(json));

    private Named Read(string json)
    {
        File.WriteAllText(_path, json);
        return VersionedJson.Read(_path, NamedJson.Default.Named, newest: 2);
    }

    internal sealed record Named
    {
        [JsonPropertyName("name")] public string? Name { get; init; }
    }

    [JsonSerializable(typeof(Named))]
    internal sealed partial class NamedJson : JsonSerializerContext;
}
